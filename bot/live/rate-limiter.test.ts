import { describe, expect, test } from "vitest";
import { Random } from "../../test/support/random.ts";
import type { EventType } from "../../shared/domain/events/event-types.ts";
import { RateLimiter, choose } from "./rate-limiter.ts";

const event = (id: number, type: EventType = "job.progress", jobId: string | null = "a") => ({ id, type, jobId });

describe("the rate limiter", () => {
  test("the rate limiter sends every event below its limits", () => {
    const undelivered = [event(1), event(2), event(3)];
    expect(choose(undelivered, 0, { window: 10, rate: 3 })).toEqual({ send: undelivered, leftAfter: null });
  });

  test("the rate limiter leaves out outdated progress above its limits", () => {
    const undelivered = [
      event(1),
      event(2, "job.progress", "b"),
      event(3),
      event(4, "job.completed"),
      event(5, "job.progress", "b"),
    ];
    expect(choose(undelivered, 0, { window: 10, rate: 4 })).toEqual({
      send: [undelivered[2], undelivered[3], undelivered[4]],
      leftAfter: null,
    });
    expect(choose(undelivered, 0, { window: 10, rate: 1 })).toEqual({ send: [undelivered[2]], leftAfter: 3 });
  });

  test("the rate limiter leaves out nothing older than the subscription", () => {
    const undelivered = [event(1), event(2), event(3)];
    expect(choose(undelivered, 3, { window: 2, rate: 0 })).toEqual({ send: undelivered.slice(0, 2), leftAfter: 2 });
    expect(choose(undelivered, 2, { window: 10, rate: 0 })).toEqual({ send: undelivered.slice(0, 2), leftAfter: 2 });
  });

  test("the rate limiter drops only outdated progress in 200 generated rounds", () => {
    for (let seed = 0; seed < 200; seed += 1) {
      const random = new Random(`pace ${seed}`);
      const all = Array.from({ length: 60 }, (_, index) =>
        event(index + 1, random.pick(types), random.pick(["a", "b", null])),
      );
      const got = takeAll(all, random);
      const ids = got.map(({ id }) => id);
      expect(ids, `seed ${seed}`).toEqual([...new Set(ids)].toSorted((left, right) => left - right));
      for (const { id, type, jobId } of all.filter((each) => !got.includes(each))) {
        expect(type, `seed ${seed}`).toBe("job.progress");
        expect(id, `seed ${seed}`).toBeGreaterThan(oldest);
        const newer = got.some((each) => each.type === "job.progress" && each.jobId === jobId && each.id > id);
        expect(newer, `seed ${seed}`).toBe(true);
      }
    }
  });
});

const types: EventType[] = ["job.progress", "job.progress", "job.completed", "job.failed", "commit.approved"];
const oldest = 10;

/** Takes events as they happen, with capacity that comes and goes. */
const takeAll = (all: readonly ReturnType<typeof event>[], random: Random) => {
  const got: ReturnType<typeof event>[] = [];
  for (let at = 0, known = 0; at < all.length;) {
    known = Math.min(all.length, Math.max(known, at + random.between(0, 30)));
    const room = { window: random.between(0, 9), rate: random.between(0, 5) };
    const { send, leftAfter } = choose(all.slice(at, known), oldest, room);
    got.push(...send);
    at = leftAfter ?? known;
  }
  return got;
};

test("the rate limiter sends at most 20 events within any second", () => {
  const random = new Random("pace");
  const pace = new RateLimiter();
  const sent: number[] = [];
  for (let nowMs = 0; nowMs < 20_000; nowMs += random.between(1, 90)) {
    for (let count = random.between(0, 30); count > 0 && pace.capacity(nowMs) > 0; count -= 1) {
      pace.sent(nowMs);
      sent.push(nowMs);
    }
    if (pace.capacity(nowMs) <= 0) expect(pace.freeAtMs(nowMs)).toBeGreaterThan(nowMs);
  }
  for (const from of sent) {
    expect(sent.filter((atMs) => atMs >= from && atMs < from + 1000).length).toBeLessThanOrEqual(20);
  }
  expect(sent.length).toBeGreaterThan(300);
});

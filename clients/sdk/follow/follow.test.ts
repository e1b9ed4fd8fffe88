/** Whoever follows gets each event once and in order, whatever becomes of connections. */
import { describe, expect, test } from "vitest";
import { noFaults } from "../testing/faults.ts";
import { Random } from "../../../test/support/random.ts";
import type { LiveEvent } from "../../../shared/contract/live.ts";
import { problem } from "../testing/scripted-server.ts";
import { setUp } from "../testing/set-up.ts";
import type { Follow, FollowOptions, FollowState } from "./follow.ts";
import type { Followed } from "./followed.ts";

/** Somebody who reads on and on. */
const reading = (world: Pick<ReturnType<typeof setUp>, "client">, followed: Followed, options: FollowOptions = {}) => {
  const states: FollowState[] = [];
  const events: LiveEvent[] = [];
  const reader = { states, events, ended: null as "quietly" | Error | null, follow: null as unknown as Follow };
  reader.follow = world.client.follow(followed, { ...options, onState: (state) => states.push(state) });
  const read = async (): Promise<void> => {
    for await (const event of reader.follow) events.push(event);
  };
  read().then(
    () => {
      reader.ended = "quietly";
    },
    (error: Error) => {
      reader.ended = error;
    },
  );
  return {
    ...reader,
    get ids() {
      return events.map(({ id }) => id);
    },
    get end() {
      return reader.ended;
    },
  };
};

const everything = { workspace: true } as const;

describe("following", () => {
  test("following receives events live over a WebSocket", async () => {
    const world = setUp();
    world.server.publish();
    const reader = reading(world, everything);
    await world.clock.until(() => reader.follow.state === "live", "live");
    world.server.publish({ type: "job.progress", jobId: "job-1", data: { stage: "writing", percent: 40 } });
    await world.clock.settle();
    expect(reader.events).toMatchObject([{ id: 2, event: "job:progress", percent: 40 }]);
    expect(reader.states).toEqual(["connecting", "live"]);
    expect(world.server.offered).toEqual([["cv-ops.v2", "cv-ops.token.cvops_token"]]);
    expect(world.server.requests, "one connection, and nothing else").toEqual([]);
  });

  test("following receives all events since a given event id", async () => {
    const world = setUp();
    for (let count = 0; count < 30; count += 1) world.server.publish();
    const reader = reading(world, everything, { lastEventId: 4 });
    await world.clock.until(() => reader.ids.length === 26, "what was missed");
    expect(reader.ids).toEqual(world.server.events.slice(4).map(({ id }) => id));
    expect(reader.follow.lastEventId).toBe(30);
  });

  test("following receives only events of the given commits and jobs", async () => {
    for (const WebSocket of [undefined, null]) {
      const world = setUp(WebSocket === null ? { WebSocket } : {});
      const reader = reading(world, [{ commit: 2 }, { jobId: "job-7" }], { lastEventId: 0 });
      world.server.publish({ commit: 1 });
      world.server.publish({ commit: 2 });
      world.server.publish({ commit: 1, jobId: "job-7" });
      await world.clock.until(() => reader.ids.length === 2, "both");
      expect(reader.ids).toEqual([2, 3]);
    }
  });

  test("following answers sync only once its reader has caught up", async () => {
    const world = setUp();
    const follow = world.client.follow(everything, { lastEventId: 0 });
    for (let count = 0; count < 100; count += 1) world.server.publish();
    await world.clock.until(() => follow.state === "live", "live");
    await world.clock.advance(5000);
    const ids: number[] = [];
    const reads = (async () => {
      for await (const { id } of follow) {
        ids.push(id);
        if (id === 100) break;
      }
    })();
    await world.clock.until(() => ids.length === 100, "all of it");
    await reads;
    expect(ids).toEqual(world.server.events.map(({ id }) => id));
  });

  test("following closes for good by its signal or by leaving the loop", async () => {
    const world = setUp();
    const abort = new AbortController();
    const reader = reading(world, everything, { signal: abort.signal });
    await world.clock.until(() => reader.follow.state === "live", "live");
    abort.abort();
    await world.clock.advance(10);
    expect(reader.end).toBe("quietly");
    expect(reader.states).toEqual(["connecting", "live", "closed"]);
    expect([world.server.openConnections, world.clock.pending]).toEqual([0, 0]);

    const follow = world.client.follow(everything, { lastEventId: 0 });
    world.server.publish();
    const ids: number[] = [];
    const left = (async () => {
      for await (const { id } of follow) {
        ids.push(id);
        break;
      }
    })();
    await world.clock.until(() => follow.state === "closed", "closed");
    await left;
    expect(ids).toEqual([1]);
    await world.clock.advance(10);
    expect([world.server.openConnections, world.clock.pending]).toEqual([0, 0]);
  });

  test("following with a signal that was already aborted connects to nothing", async () => {
    const world = setUp();
    const reader = reading(world, everything, { signal: AbortSignal.abort() });
    await world.clock.settle();
    expect([reader.end, reader.follow.state]).toEqual(["quietly", "closed"]);
    expect(world.server.offered).toEqual([]);
  });
});

describe("a lost connection", () => {
  test("following reconnects after a cut and receives the missed events", async () => {
    const world = setUp();
    const reader = reading(world, everything);
    await world.clock.until(() => reader.follow.state === "live", "live");
    world.server.publish();
    await world.clock.settle();
    world.server.faults = { ...noFaults, cuts: () => true };
    world.server.publish();
    await world.clock.settle();
    expect(reader.states).toEqual(["connecting", "live", "reconnecting"]);
    world.server.faults = noFaults;
    world.server.publish();
    await world.clock.until(() => reader.ids.length === 3, "all three");
    expect(reader.ids).toEqual([1, 2, 3]);
    expect(reader.states.at(-1)).toBe("live");
  });

  test("following notices a silent connection within 45 s", async () => {
    for (const WebSocket of [undefined, null]) {
      const world = setUp(WebSocket === null ? { WebSocket } : {});
      const reader = reading(world, everything);
      await world.clock.until(() => reader.follow.state === "live", "live");
      await world.clock.advance(120_000);
      expect(reader.states, "a server that answers is not taken for dead").toEqual(["connecting", "live"]);
      world.server.faults = { ...noFaults, goesSilent: () => true };
      world.server.publish();
      const lostMs = world.clock.nowMs;
      await world.clock.until(() => reader.states.includes("reconnecting"), "noticed");
      expect(world.clock.nowMs - lostMs).toBeLessThanOrEqual(45_000);
      world.server.faults = noFaults;
      await world.clock.until(() => reader.ids.length === 1, "the event");
      reader.follow.close();
    }
  });

  test("following waits longer before each reconnection, at most 30 s", async () => {
    const world = setUp();
    world.server.faults = { ...noFaults, refusesSocket: () => true, answers: () => "no answer" };
    const reader = reading(world, everything);
    await world.clock.advance(300_000);
    expect(reader.states).toEqual(["connecting"]);
    expect(world.server.offered.length).toBeGreaterThan(8);
    expect(world.server.offered.length).toBeLessThan(20);
    world.server.faults = noFaults;
    await world.clock.until(() => reader.follow.state === "live", "live");
  });
});

describe("a network without WebSockets", () => {
  test("following falls back to a stream, and repeats an event that was cut", async () => {
    const world = setUp();
    world.server.faults = { ...noFaults, refusesSocket: () => true };
    const reader = reading(world, everything);
    await world.clock.until(() => reader.follow.state === "live", "live");
    world.server.publish();
    await world.clock.settle();
    let cutOnce = true;
    world.server.faults = {
      ...world.server.faults,
      cuts: () => {
        const cuts = cutOnce;
        cutOnce = false;
        return cuts;
      },
    };
    world.server.publish();
    world.server.publish();
    await world.clock.until(() => reader.ids.length === 3, "all three");
    expect(reader.ids).toEqual([1, 2, 3]);
    const streams = world.server.requests.filter(({ path }) => path.startsWith("/stream"));
    expect(streams.map(({ headers }) => headers["Last-Event-ID"])).toEqual([undefined, "1"]);
    expect(streams[0]?.headers).toMatchObject({ Authorization: "Bearer cvops_token", Accept: "text/event-stream" });
  });

  test("following falls back to polling, and later tries the better transports again", async () => {
    const world = setUp();
    world.server.publish();
    world.server.faults = {
      ...noFaults,
      refusesSocket: () => true,
      answers: (path) => (path === "/stream" ? { status: 502 } : null),
    };
    const reader = reading(world, everything);
    await world.clock.until(() => reader.follow.state === "polling", "polling");
    world.server.publish();
    await world.clock.until(() => reader.ids.length === 1, "the event");
    await world.clock.advance(30_000);
    expect(world.server.offered, "not looked for all the time").toHaveLength(1);
    world.server.faults = noFaults;
    await world.clock.until(() => reader.follow.state === "live", "live");
    world.server.publish();
    await world.clock.settle();
    expect(reader.ids).toEqual([2, 3]);
    expect(reader.states).toEqual(["connecting", "polling", "live"]);
    expect(world.server.offered).toHaveLength(2);
  });

  test("following downgrades for a while when connections are cut at once", async () => {
    const world = setUp();
    const reader = reading(world, everything, { lastEventId: 0 });
    world.server.faults = {
      ...noFaults,
      // As soon as it stands, before any event has come.
      cuts: () => reader.follow.state === "live",
      answers: (path) => (path === "/stream" ? { status: 404 } : null),
    };
    for (let count = 0; count < 5; count += 1) {
      world.server.publish();
      await world.clock.advance(5000);
    }
    expect(reader.ids).toEqual([1, 2, 3, 4, 5]);
    expect(reader.follow.state).toBe("polling");
    expect(world.server.offered).toHaveLength(3);
  });
});

describe("a newer server", () => {
  test.each([
    ["a WebSocket", noFaults],
    ["a stream", { ...noFaults, refusesSocket: () => true }],
    [
      "polling",
      {
        ...noFaults,
        refusesSocket: () => true,
        answers: (path: string) => (path === "/stream" ? { status: 502 } : null),
      },
    ],
  ])("following skips unknown events of a newer server over %s, and reads them once", async (_, faults) => {
    const world = setUp();
    world.server.faults = faults;
    world.server.publish();
    world.server.publishNewer("commit.praised");
    const reader = reading(world, everything, { lastEventId: 0 });
    await world.clock.until(() => reader.ids.length === 1, "what is known");
    world.server.publishNewer("weather.changed");
    world.server.publish();
    await world.clock.until(() => reader.ids.length === 2, "what comes after it");
    await world.clock.advance(30_000);
    expect(reader.ids).toEqual([1, 4]);
    expect(reader.end).toBeNull();
    expect(reader.states).not.toContain("reconnecting");
  });
});

describe("the end of following", () => {
  test("following ends with the server's message when its token has expired", async () => {
    const world = setUp();
    const reader = reading(world, everything);
    await world.clock.until(() => reader.follow.state === "live", "live");
    world.server.token = "cvops_another";
    world.server.faults = { ...noFaults, cuts: () => true };
    world.server.publish();
    await world.clock.until(() => reader.end !== null, "its end");
    expect(reader.end).toMatchObject({ name: "ApiProblem", status: 401, code: "unauthorized" });
    expect(reader.states.at(-1)).toBe("closed");
    expect([world.server.openConnections, world.clock.pending]).toEqual([0, 0]);
  });

  test("following continues with a renewed token", async () => {
    let token = "cvops_token";
    const world = setUp({ token: () => token });
    const reader = reading(world, everything);
    await world.clock.until(() => reader.follow.state === "live", "live");
    world.server.token = "cvops_another";
    world.server.faults = { ...noFaults, cuts: () => true };
    world.server.publish();
    await world.clock.settle();
    world.server.faults = noFaults;
    token = "cvops_another";
    await world.clock.until(() => reader.ids.length === 1, "the event");
    token = "cvops_wrong";
    world.server.token = "cvops_third";
    world.server.faults = { ...noFaults, cuts: () => true };
    world.server.publish();
    await world.clock.until(() => reader.end !== null, "its end");
    expect(reader.end).toMatchObject({ status: 401 });
  });

  test("following ends with a problem for a commit that does not exist", async () => {
    const world = setUp();
    const reader = reading(world, { commit: 404 });
    await world.clock.until(() => reader.end !== null, "its end");
    expect(reader.end).toMatchObject({ name: "ApiProblem", status: 404, message: "There is no commit #404" });

    const polling = setUp({ WebSocket: null });
    polling.server.faults = { ...noFaults, answers: (path) => (path === "/stream" ? { status: 502 } : null) };
    polling.server.replies.set("GET /commits/404", problem(404, "commit_not_found", "There is no commit 404."));
    const poller = reading(polling, { commit: 404 });
    await polling.clock.until(() => poller.end !== null, "its end");
    expect(poller.end).toMatchObject({ status: 404, message: "There is no commit 404." });
  });

  test("following refuses no subject and too many subjects at once", () => {
    const { client } = setUp();
    expect(() => client.follow([])).toThrow(RangeError);
    expect(() => client.follow(Array.from({ length: 101 }, (_, index) => ({ commit: index + 1 })))).toThrow(RangeError);
  });
});

describe("faults at every point", () => {
  const seeds = Array.from({ length: 200 }, (_, seed) => seed);

  test.each(seeds)("following with faults of seed %i receives each event once and in order", async (seed) => {
    const random = new Random(`follow ${seed}`);
    const world = setUp({ random: () => random.unit(), ...(random.chance(0.2) && { WebSocket: null }) });
    const odds = () => random.between(0, 4) / 20;
    const [refuses, cuts, silent, repeats, answers] = [odds(), odds(), odds() / 3, odds(), odds()];
    world.server.faults = {
      refusesSocket: () => random.chance(refuses * 2),
      cuts: () => random.chance(cuts),
      goesSilent: () => random.chance(silent),
      repeats: () => (random.chance(repeats) ? random.between(1, 5) : 0),
      answers: (path) => {
        if (!random.chance(answers)) return null;
        if (path === "/stream") return random.chance(0.5) ? "no answer" : { status: 404 };
        return random.chance(0.5) ? "no answer" : { status: 503, retryAfter: String(random.between(0, 5)) };
      },
    };
    const before = random.between(0, 20);
    for (let count = 0; count < before; count += 1) world.server.publish({ id: random.between(1, 3) });
    const lastEventId = random.between(0, before);
    const reader = reading(world, everything, { lastEventId });
    for (let count = 0; count < 60; count += 1) {
      if (random.chance(0.6)) await world.clock.advance(random.between(1, 20_000));
      world.server.publish({ id: random.between(1, 3) });
    }
    world.server.faults = noFaults;
    const expected = world.server.events.map(({ id }) => id).filter((id) => id > lastEventId);
    await world.clock.until(() => reader.ids.at(-1) === world.server.newestId, "the last event");
    expect(reader.ids).toEqual(expected);
    expect(reader.end).toBeNull();
    reader.follow.close();
    await world.clock.advance(10);
    expect([world.server.openConnections, world.clock.pending]).toEqual([0, 0]);
  });
});

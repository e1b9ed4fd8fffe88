/** Whoever comes back with a lastEventId gets every event once: at every cut, and in generated histories. */
import { evictDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { Random } from "../../test/support/random.ts";
import type { LiveEvent, Subject } from "../../shared/contract/live.ts";
import { clock } from "../../test/support/bot/clock.ts";
import {
  type Happening,
  type LiveClient,
  callerOf,
  follow,
  happen,
  hubOf,
  notify,
} from "../../test/support/bot/live-client.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

const { author, viewer, approver } = people;

/** Two commits, each pushed. */
const twoPushes = async () => {
  const world = await createWorld();
  const rows = ["python-1", "jquery-1"];
  for (const [index, row] of rows.entries()) {
    await world.run(
      [author, `stage update technology ${row} experience_years=11`],
      [author, "commit x"],
      [approver, `approve ${index + 1}`],
      [approver, `push ${index + 1} d1cv`],
    );
  }
  const jobs = (await world.rows("jobs")).map(({ id, commit_id }) => ({ id: String(id), commitId: String(commit_id) }));
  return { world, jobs };
};

type Jobs = Awaited<ReturnType<typeof twoPushes>>["jobs"];

const somethingHappens = (random: Random, jobs: Jobs): Happening => {
  const job = random.pick(jobs);
  const about = { jobId: job.id, commitId: job.commitId };
  switch (random.between(0, 3)) {
    case 0:
      return { type: "change.staged" };
    case 1:
      return { type: "commit.approved", commitId: job.commitId };
    case 2:
      return { ...about, type: "job.completed", data: { result: {} } };
    default:
      return { ...about, type: "job.progress", data: { stage: "writing", percent: random.between(0, 100) } };
  }
};

const wanted = (to: readonly Subject[], event: Happening, jobs: Jobs): boolean =>
  to.some((subject) => {
    if ("jobId" in subject) return event.jobId === subject.jobId;
    return "commit" in subject ? event.commitId === jobs[subject.commit - 1]?.commitId : true;
  });

test("a reconnection at every cut of a history receives the rest whole", async () => {
  const { world, jobs } = await twoPushes();
  const random = new Random("cuts");
  const history = Array.from({ length: 20 }, () => somethingHappens(random, jobs));
  const ids = await happen(world.team, ...history);
  const to: Subject[] = [{ jobId: jobs[0]?.id ?? "" }, { commit: 2 }];
  const undelivered = ids.filter((_, index) => wanted(to, history[index] ?? {}, jobs));
  for (const [cut, id] of [(ids[0] ?? 1) - 1, ...undelivered].entries()) {
    const client = await follow(callerOf(world.team, viewer));
    await client.subscribe(to, id);
    await client.until(() => client.ids.length >= undelivered.length - cut, "the rest");
    await client.settled();
    expect(client.ids).toEqual(undelivered.slice(cut));
    client.close();
  }
});

/** One that comes back whenever it was cut off, and knows only the last id that it has received. */
class Returning {
  client: LiveClient | null = null;
  readonly seen: LiveEvent[] = [];
  readonly #world: World;
  readonly to: Subject[];
  lastEventId: number;

  constructor(world: World, to: Subject[], lastEventId: number) {
    this.#world = world;
    this.to = to;
    this.lastEventId = lastEventId;
  }

  async comeBack(random: Random): Promise<void> {
    if (this.client) return;
    this.client = await follow(callerOf(this.#world.team, viewer));
    await this.client.subscribe(this.to, this.lastEventId);
    // Following the same once more, in whatever way, changes nothing.
    if (random.chance(0.5)) await this.client.subscribe(random.pick(this.to), this.lastEventId);
  }

  /** The connection is gone, with everything but the first `count` events that it brought. */
  cut(count: number): void {
    if (!this.client) return;
    this.seen.push(...this.client.events.slice(0, count));
    this.lastEventId = this.seen.at(-1)?.id ?? this.lastEventId;
    if (!this.client.closed) this.client.close();
    this.client = null;
  }

  get ids(): number[] {
    return [...this.seen, ...(this.client?.events ?? [])].map(({ id }) => id);
  }
}

interface Received {
  world: World;
  clients: readonly Returning[];
  history: readonly (Happening & { id: number })[];
  jobs: Jobs;
}

/** Everybody connected has got every event; an object with a backlog does not leave memory. */
const drained = async ({ world, clients, history, jobs }: Received): Promise<void> => {
  const isServed = (client: Returning): boolean => {
    const last = history.findLast((event) => wanted(client.to, event, jobs))?.id ?? 0;
    return client.client === null || client.lastEventId >= last || client.ids.includes(last);
  };
  for (let second = 0; second < 300; second += 1) {
    clock.advance(1001);
    await notify(world.team);
    for (const { client } of clients) await client?.settled();
    if (clients.every(isServed)) return;
  }
  throw new Error("somebody has not got everything");
};

describe("a generated history", () => {
  test.each(Array.from({ length: 15 }, (_, index) => index + 1))(
    "seed %i: reconnections receive each event of a history once",
    { timeout: 20_000 },
    async (seed) => {
      const random = new Random(`reconnects ${seed}`);
      const { world, jobs } = await twoPushes();
      const [first, second] = jobs.map(({ id }) => ({ jobId: id }));
      const all: Subject[] = [
        first ?? { commit: 1 },
        second ?? { commit: 2 },
        { commit: 1 },
        { commit: 2 },
        { workspace: true },
      ];
      const start = Number((await world.rows("job_events")).at(-1)?.["number"]);
      const clients = Array.from({ length: 3 }, () => {
        const to = all.filter(() => random.chance(0.4));
        return new Returning(world, to.length > 0 ? to : [{ workspace: true }], start);
      });
      const history: (Happening & { id: number })[] = [];
      const run = { world, clients, history, jobs };
      for (let step = 0; step < 30; step += 1) {
        const client = random.pick(clients);
        if (random.chance(0.4)) await client.comeBack(random);
        if (random.chance(0.2)) client.cut(random.between(0, client.client?.events.length ?? 0));
        if (random.chance(0.15)) {
          await drained(run);
          const closes = random.chance(0.3);
          await evictDurableObject(hubOf(world.team), { webSockets: closes ? "close" : "hibernate" });
          if (closes) for (const each of clients) each.cut(each.client?.events.length ?? 0);
        }
        const happenings = Array.from({ length: random.between(0, 12) }, () => somethingHappens(random, jobs));
        const ids = await happen(world.team, ...happenings);
        history.push(...happenings.map((happening, index) => ({ ...happening, id: ids[index] ?? 0 })));
        // The hub is not notified of everything that happens.
        if (random.chance(0.7)) await notify(world.team);
        clock.advance(random.between(0, 800));
      }
      for (const client of clients) await client.comeBack(random);
      await drained(run);
      for (const client of clients) {
        const undelivered = history.filter((event) => wanted(client.to, event, jobs));
        expect(client.ids, "in order, once").toEqual([...new Set(client.ids)].toSorted((left, right) => left - right));
        expect(client.ids.filter((id) => !undelivered.some((event) => event.id === id))).toEqual([]);
        for (const missing of undelivered.filter(({ id }) => !client.ids.includes(id))) {
          expect(missing.type).toBe("job.progress");
          const newer = undelivered.some(
            ({ id, type, jobId }) =>
              id > missing.id && type === "job.progress" && jobId === missing.jobId && client.ids.includes(id),
          );
          expect(newer, "made way for newer progress of its job").toBe(true);
        }
      }
    },
  );
});

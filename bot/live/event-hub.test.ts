/** Who follows a workspace gets everything that happens there: in order, once, and nobody else's. */
import { env, evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, test } from "vitest";
import { type Effects, createEffects } from "../../shared/effects.ts";
import { systemActor } from "../../shared/domain/workspace/actor.ts";
import { removePerson } from "../../shared/use-cases/workspace/remove-person.ts";
import { createToken } from "../../shared/use-cases/workspace/create-token.ts";
import { revokeToken } from "../../shared/use-cases/workspace/revoke-token.ts";
import type { Caller } from "../api/caller.ts";
import { createDeps } from "../env.ts";
import { clock } from "../../test/support/bot/clock.ts";
import {
  type Happening,
  callerOf,
  eventually,
  follow,
  stream,
  happen,
  hubOf,
  notify,
} from "../../test/support/bot/live-client.ts";
import { logged } from "../../test/support/bot/stand-ins.ts";
import { type World, createWorld, people } from "../../test/support/bot/world.ts";

const { author, viewer, approver } = people;

const happened = async ({ team }: World, ...happenings: Happening[]): Promise<number[]> => {
  const ids = await happen(team, ...happenings);
  await notify(team);
  return ids;
};

const someone = (world: World) => callerOf(world.team, viewer);

/** A push that is on its way, with what knows it. */
const pushed = async () => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit x"],
    [approver, "approve 1"],
    [approver, "push 1 d1cv"],
  );
  const [job] = await world.rows("jobs");
  return { world, jobId: String(job?.["id"]), commitId: String(job?.["commit_id"]) };
};

const progress = (jobId: string, percent: number): Happening => ({
  type: "job.progress",
  jobId,
  data: { stage: "writing", percent },
});

describe("a client", () => {
  test("a live client of the workspace gets what people do in Slack", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    expect(client.messages[0]).toEqual({
      event: "connected",
      clientId: expect.any(String),
      pingEveryMs: 30_000,
      expiresAt: null,
    });
    await client.subscribe({ workspace: true });
    await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit Python"]);
    await client.settled();
    expect(client.events.map(({ event }) => event)).toEqual([
      "change:staged",
      "commit:created",
      "commit:review_requested",
    ]);
    expect(client.events[1]).toMatchObject({ type: "commit.created", commit: 1, actor: { kind: "slack", id: author } });
    expect(client.ids).toEqual(client.ids.toSorted((left, right) => left - right));
  });

  test("a live client of a job gets only its start, progress and end", async () => {
    const { world, jobId } = await pushed();
    const client = await follow(someone(world));
    await client.subscribe({ jobId }, 0);
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 40 });
    await world.run([author, "stage update technology python-1 level=Expert"]);
    await world.report("d1cv", { type: "job.failed", error: { code: "disk_full", message: "no space" } });
    await client.until(() => client.events.at(-1)?.event === "job:failed", "the end");
    expect(client.events.map(({ event }) => event)).toEqual(["job:started", "job:progress", "job:failed"]);
    expect(client.events).toMatchObject([
      { jobId, target: "d1cv" },
      { jobId, stage: "writing", percent: 40 },
      { jobId, error: "no space", final: true },
    ]);
  });

  test("a live client of a commit gets its events and those of its jobs", async () => {
    const { world } = await pushed();
    const client = await follow(someone(world));
    const subscribed = await client.subscribe({ commit: 1 }, 0);
    expect(subscribed).toEqual({ event: "subscribed", to: [{ commit: 1 }], lastEventId: 0 });
    await client.until(() => client.ids.length === 5, "its events");
    expect(client.events.map(({ event }) => event)).toEqual([
      "commit:created",
      "commit:review_requested",
      "commit:approved",
      "push:started",
      "job:started",
    ]);
  });

  test("a live client that unsubscribes gets no more events", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    await client.subscribe({ workspace: true });
    const before = await happened(world, {});
    await client.ask({ type: "unsubscribe", workspace: true }, "unsubscribed");
    await happened(world, {});
    await client.settled();
    expect(client.ids).toEqual(before);
  });

  test("a live client gets each event once across evictions of the hub", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    await client.subscribe({ workspace: true });
    const ids = await happened(world, {}, {});
    for (let round = 0; round < 3; round += 1) {
      await client.settled();
      await evictDurableObject(hubOf(world.team));
      ids.push(...(await happened(world, {}, {})));
    }
    await client.settled();
    expect(client.ids).toEqual(ids);
  });

  test("a live client without lastEventId begins now, and gets that id", async () => {
    const world = await createWorld();
    const ids = await happened(world, {}, {}, {});
    const client = await follow(someone(world));
    expect(await client.subscribe({ workspace: true })).toMatchObject({ lastEventId: ids.at(-1) });
    const now = await happened(world, {});
    await client.settled();
    expect(client.ids).toEqual(now);
  });

  test("a live client with a future lastEventId begins now", async () => {
    const world = await createWorld();
    const ids = await happened(world, {});
    const client = await follow(someone(world));
    expect(await client.subscribe({ workspace: true }, 999_999_999)).toMatchObject({ lastEventId: ids[0] });
    const now = await happened(world, {});
    await client.settled();
    expect(client.ids).toEqual(now);
  });

  test("a live client gets a long backlog in order, before newer events", async () => {
    const world = await createWorld();
    const ids: number[] = [];
    for (let page = 0; page < 15; page += 1) {
      ids.push(...(await happen(world.team, ...Array.from({ length: 50 }, () => progress("job-x", 1)))));
    }
    const client = await follow(someone(world));
    const first = (ids[0] ?? 1) - 1;
    client.say({ type: "subscribe", workspace: true, lastEventId: first });
    for (let round = 0; round < 5; round += 1) ids.push(...(await happened(world, {})));
    await client.until(() => client.ids.length >= ids.length, "the backlog");
    expect(client.ids).toEqual(ids);
  });

  test("a live client of several subjects gets each event once, in order", async () => {
    const { world, jobId } = await pushed();
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 40 });
    const client = await follow(someone(world));
    await client.subscribe([{ jobId }, { commit: 1 }, { workspace: true }], 0);
    await world.report("d1cv", { type: "job.progress", stage: "writing", percent: 80 });
    const all = (await world.rows("job_events")).map(({ number }) => number);
    await client.until(() => client.ids.length >= all.length, "all events");
    await client.settled();
    expect(client.ids).toEqual(all);
  });

  test("a live client that subscribes later gets only events it has not had", async () => {
    const { world, jobId } = await pushed();
    const client = await follow(someone(world));
    await client.subscribe({ jobId }, 0);
    await client.until(() => client.ids.length === 1, "the job's");
    const ofJob = client.ids;
    const all = (await world.rows("job_events")).map(({ number }) => number as number);
    await client.subscribe({ workspace: true }, 0);
    await client.subscribe({ commit: 1 }, 0);
    await client.subscribe({ workspace: true }, 3);
    await client.until(() => client.ids.length === all.length, "all others");
    await client.settled();
    expect(client.ids).toEqual([...ofJob, ...all.filter((id) => !ofJob.includes(id))]);
  });
});

describe("another workspace", () => {
  test("a live client neither gets nor finds events of another workspace", async () => {
    const { world, jobId } = await pushed();
    const other = await createWorld();
    const client = await follow(someone(other));
    await client.subscribe({ workspace: true }, 0);
    const foreign = await client.ask({ type: "subscribe", jobId }, "error");
    const missing = await client.ask({ type: "subscribe", jobId: "01nothing" }, "error");
    expect(foreign).toMatchObject({ code: "not_found", to: [{ jobId }] });
    expect(String(foreign["message"]).replace(jobId, "")).toBe(String(missing["message"]).replace("01nothing", ""));
    expect(await client.ask({ type: "subscribe", to: [{ commit: 1 }, { workspace: true }] }, "error")).toMatchObject({
      code: "not_found",
      to: [{ commit: 1 }],
    });
    await happened(world, {}, {});
    await notify(other.team);
    await client.settled();
    expect(client.events.filter(({ commit }) => commit !== null)).toEqual([]);
  });
});

describe("the limits of a client", () => {
  test("a live client gets 20 events a second, and only outdated progress is dropped", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    await client.subscribe({ workspace: true });
    const happenings: Happening[] = Array.from({ length: 90 }, (_, index) =>
      index % 10 === 9
        ? { type: "job.completed", jobId: `job-${index}`, data: { result: {} } }
        : progress(`job-${index % 3}`, index),
    );
    const ids = await happened(world, ...happenings);
    await client.settled();
    expect(client.ids.length).toBeLessThanOrEqual(20);
    for (let second = 0; second < 10; second += 1) {
      const before = client.ids.length;
      clock.advance(1001);
      await notify(world.team);
      await client.settled();
      expect(client.ids.length - before).toBeLessThanOrEqual(20);
    }
    await eventually(() => expect(client.ids.at(-1)).toBe(ids.at(-1)));
    const finals = ids.filter((_, index) => index % 10 === 9);
    expect(client.events.filter(({ type }) => type === "job.completed").map(({ id }) => id)).toEqual(finals);
    expect(client.ids).toEqual([...new Set(client.ids)].toSorted((left, right) => left - right));
    const newest = client.events.filter(({ type }) => type === "job.progress").map(({ percent }) => percent);
    expect(newest).toEqual(expect.arrayContaining([86, 87, 88]));
  });

  test("a live client may follow 100 subjects, and is refused the 101st", async () => {
    const { world, commitId } = await pushed();
    const ids = Array.from({ length: 101 }, (_, index) => `job-${String(index).padStart(60, "0")}`);
    await env.DB.batch(
      ids.map((id, index) =>
        env.DB.prepare(
          `INSERT INTO jobs (workspace_id, id, push_id, commit_id, target, position, state, attempt, percent, operations, tries, created_at, updated_at)
           SELECT workspace_id, ?2, 'push-' || ?2, ?3, 't' || ?4, 0, 'completed', 1, 100, operations, 0, created_at, updated_at
           FROM jobs WHERE workspace_id = ?1 LIMIT 1`,
        ).bind(world.team, id, commitId, index),
      ),
    );
    const client = await follow(someone(world));
    await client.subscribe(ids.slice(0, 100).map((jobId) => ({ jobId })));
    const error = await client.ask({ type: "subscribe", jobId: ids[100] }, "error");
    expect(error).toMatchObject({ code: "too_many_subscriptions", to: [{ jobId: ids[100] }] });
    await evictDurableObject(hubOf(world.team));
    const [told] = await happened(world, progress(ids[99] ?? "", 1), progress(ids[100] ?? "", 1));
    await client.settled();
    expect(client.ids).toEqual([told]);
  });

  test("a live client that sends no sync is paused, then closed after 30 s", async () => {
    const world = await createWorld();
    const ids: number[] = [];
    while (ids.length < 2200) {
      ids.push(...(await happen(world.team, ...Array.from({ length: 100 }, () => ({})))));
    }
    const client = await follow(someone(world));
    client.answersSync = false;
    await client.subscribe({ workspace: true }, (ids[0] ?? 1) - 1);
    await client.until(() => client.ids.length >= 2048, "the window");
    await client.settled();
    expect(client.ids).toEqual(ids.slice(0, 2048));
    expect(client.messages.filter(({ event }) => event === "sync")).toHaveLength(1);
    clock.advance(30_001);
    await runDurableObjectAlarm(hubOf(world.team));
    expect(await client.isClosed()).toEqual({ code: 1013, reason: expect.stringContaining("lastEventId") });

    const again = await follow(someone(world));
    await again.subscribe({ workspace: true }, client.ids.at(-1));
    await again.until(() => again.ids.length >= ids.length - 2048, "the rest");
    expect(again.ids).toEqual(ids.slice(2048));
  });
});

describe("malformed messages", () => {
  const nonsense = [
    "",
    "{",
    "null",
    "[]",
    '"ping"',
    '{"type":"subscribe"}',
    '{"__proto__":{}}',
    "x".repeat(20_000),
    "\u0000",
  ];

  test.each(nonsense)("a live client's message %j is answered with what to send", async (text) => {
    const world = await createWorld();
    const client = await follow(someone(world));
    const error = client.next("error");
    client.socket.send(text);
    expect(await error).toMatchObject({ code: "malformed", message: expect.stringContaining('"subscribe"') });
    await client.subscribe({ workspace: true });
  });

  test("a live client is closed after ten malformed messages, across evictions", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    for (let count = 0; count < 9; count += 1) {
      const error = client.next("error");
      client.socket.send(count % 2 === 0 ? new Uint8Array([1, 2, 3]) : "nonsense");
      await error;
      if (count === 5) await evictDurableObject(hubOf(world.team));
    }
    client.socket.send("nonsense");
    expect(await client.isClosed()).toMatchObject({ code: 1008 });
  });

  test("a live client is closed after far too many messages", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    for (let count = 0; count < 201; count += 1) client.socket.send('{"type": "ping"}');
    expect(await client.isClosed()).toMatchObject({ code: 1008, reason: expect.stringContaining("10 a second") });
  });
});

describe("a client without permission", () => {
  test("a live client is closed when its proof expires", async () => {
    const world = await createWorld();
    const expiresAt = clock.iso(60_000);
    const client = await follow({ ...someone(world), expiresAt });
    expect(client.messages[0]).toMatchObject({ expiresAt });
    await client.subscribe({ workspace: true });
    expect(await runInDurableObject(hubOf(world.team), (_hub, { storage }) => storage.getAlarm())).toBeLessThanOrEqual(
      Date.parse(expiresAt) + 1,
    );
    clock.advance(60_000);
    await happened(world, {});
    expect(await client.isClosed()).toMatchObject({ code: 4401 });
    expect(client.ids).toEqual([]);
  });

  test("a live client is closed when its token is revoked in Slack", async () => {
    const world = await createWorld();
    const caller = someone(world);
    const deps = createDeps(env);
    const actor = { kind: "access", id: author } as const;
    const as = (effects: Effects) =>
      deps.useCaseContext({ workspaceId: world.team, actor, idempotencyKey: null, effects });
    const made = await createToken(as(createEffects()), {
      name: "ci",
      scopes: ["read"],
      days: 7,
      secret: "not looked at",
    });
    if (!made.ok) throw new Error(made.reason.code);
    const grant = { id: made.value.id, name: "ci", scopes: ["read"] as const };
    const client = await follow({ ...caller, actor: { kind: "token", id: author, token: grant } });
    const other = await follow(caller);
    await client.subscribe({ workspace: true });
    await other.subscribe({ workspace: true });
    expect(await deps.withEffects((effects) => revokeToken(as(effects), 1))).toMatchObject({ ok: true });
    expect(await client.isClosed()).toMatchObject({ code: 4401, reason: expect.stringContaining("revoked") });
    await other.settled();
    expect(other.closed).toBeNull();
  });

  test("a live client that follows nothing yet is closed when its person leaves or its token ends", async () => {
    const world = await createWorld();
    const address = "INSERT INTO addresses VALUES (?1, ?2 || '@example.com', ?2, ?3)";
    for (const userId of [author, viewer]) await env.DB.prepare(address).bind(world.team, userId, clock.iso()).run();
    const signedIn = (id: string): Caller => ({ ...someone(world), actor: { kind: "access", id } });
    const deps = createDeps(env);
    const Origin = deps.publicOrigin;
    const [theirs, others] = [await follow(signedIn(author), { Origin }), await follow(signedIn(viewer), { Origin })];
    const bySlack = { workspaceId: world.team, actor: systemActor("slack"), idempotencyKey: null };
    await deps.withEffects((effects) => removePerson(deps.useCaseContext({ ...bySlack, effects }), author));
    expect(await theirs.isClosed()).toMatchObject({ code: 4401 });
    await others.subscribe({ workspace: true });
    expect(others.closed).toBeNull();
  });

  test("a live client may not begin to follow when its access has ended unnoticed", async () => {
    const world = await createWorld();
    const Origin = createDeps(env).publicOrigin;
    const theirs = await follow({ ...someone(world), actor: { kind: "access", id: author } }, { Origin });
    theirs.say({ type: "subscribe", workspace: true });
    expect(await theirs.isClosed()).toMatchObject({ code: 4401 });
    expect(theirs.events).toEqual([]);
  });

  test("a person has at most 50 live connections over all tokens, and others are not kept out", async () => {
    const world = await createWorld();
    const tokenOf = (index: number) => ({
      ...someone(world),
      actor: { kind: "token", id: viewer, token: { id: `t${index}`, name: "t", scopes: ["read"] } } as const,
    });
    const clients = await Promise.all(Array.from({ length: 50 }, (_, index) => follow(tokenOf(index))));
    await expect(follow(someone(world))).rejects.toThrow(/429.*connections_exceeded/);
    expect((await stream(tokenOf(51))).status).toBe(429);
    await follow(callerOf(world.team, author));
    await hubOf(world.team).closeFor({ tokenId: "t0" });
    expect(await clients[0]?.isClosed()).toMatchObject({ code: 4401 });
    await follow(someone(world));
  });

  test("a live client is closed by the id of its person", async () => {
    const world = await createWorld();
    const [theirs, mine] = await Promise.all([follow(someone(world)), follow(callerOf(world.team, author))]);
    await hubOf(world.team).closeFor({ userId: viewer });
    expect(await theirs.isClosed()).toMatchObject({ code: 4401 });
    await mine.settled();
  });

  test("a live client may not subscribe with a token without the read scope", async () => {
    const world = await createWorld();
    const client = await follow({
      ...someone(world),
      actor: { kind: "token", id: author, token: { id: "t", name: "t", scopes: ["stage"] } },
    });
    expect(await client.ask({ type: "subscribe", workspace: true }, "error")).toMatchObject({ code: "forbidden" });
  });
});

describe("a heartbeat", () => {
  test("a live client's ping is answered while the hub is evicted", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    await client.subscribe({ workspace: true });
    await evictDurableObject(hubOf(world.team));
    const connected = logged.length;
    const pong = client.next("pong");
    client.say({ type: "ping" });
    expect(await pong).toEqual({ event: "pong" });
    expect(logged.length).toBe(connected);
    await runDurableObjectAlarm(hubOf(world.team));
    await client.settled();
  });

  test("a live client without a ping for 90 s is closed", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    clock.advance(89_000);
    await runDurableObjectAlarm(hubOf(world.team));
    await client.settled();
    clock.advance(1500);
    await runDurableObjectAlarm(hubOf(world.team));
    expect(await client.isClosed()).toMatchObject({ code: 4408 });
    expect(await runInDurableObject(hubOf(world.team), (_hub, { storage }) => storage.getAlarm())).toBeNull();
  });
});

test("a live client that follows everything can still request a commit's past", async () => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit x"]);
  const past = (await world.rows("job_events"))
    .filter((row) => row["commit_id"] !== null)
    .map(({ number }) => Number(number));
  const client = await follow(someone(world));
  await client.subscribe({ workspace: true });
  await client.subscribe({ commit: 1 }, 0);
  const [now] = await happen(world.team, {});
  await notify(world.team);
  await client.settled();
  expect(past.length).toBeGreaterThan(0);
  expect(client.ids).toEqual([...past, now]);
});

test("the hub reads every page of events that one notification stands for", async () => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"], [author, "commit x"]);
  const client = await follow(someone(world));
  await client.subscribe({ commit: 1 });
  const [commit] = await world.rows("commits");
  for (let page = 0; page < 5; page += 1) await happen(world.team, ...Array.from({ length: 90 }, () => ({})));
  const [last] = await happen(world.team, { commitId: String(commit?.["id"]) });
  await notify(world.team);
  await client.settled();
  expect(client.ids).toEqual([last]);
});

describe("an outage of the database", () => {
  test("a live client loses no event while the database fails", async () => {
    const world = await createWorld();
    const client = await follow(someone(world));
    await client.subscribe({ workspace: true });
    const ids = await happen(world.team, {}, {});
    await env.DB.prepare("ALTER TABLE job_events RENAME TO job_events_away").run();
    await notify(world.team);
    expect(await client.ask({ type: "subscribe", commit: 1 }, "error")).toMatchObject({ code: "unavailable" });
    await env.DB.prepare("ALTER TABLE job_events_away RENAME TO job_events").run();
    await client.until(() => client.ids.length === 2, "what happened");
    expect(client.ids).toEqual(ids);
  });
});

test("the hub reads nothing while no live client follows", async () => {
  const world = await createWorld();
  const client = await follow(someone(world));
  await env.DB.prepare("ALTER TABLE job_events RENAME TO job_events_away").run();
  await notify(world.team);
  client.close();
  await notify(world.team);
  await env.DB.prepare("ALTER TABLE job_events_away RENAME TO job_events").run();
  expect(logged.filter((line) => line.includes("live.not_read"))).toEqual([]);
});

/** Old events move to R2, and all readers of the log find them as before. */
import { env } from "cloudflare:test";
import { beforeEach, describe, expect, test } from "vitest";
import { archivedNumbers, eventDays, newestKept } from "../shared/domain/events/archive.ts";
import { archiveEvents } from "../shared/history/archive-events.ts";
import { archiveKey } from "../shared/history/archive-object.ts";
import { eraseArchives } from "../shared/history/erase-archives.ts";
import { schedules } from "../shared/schedules.ts";
import { read } from "../shared/storage/database.ts";
import { archivableQuery } from "../shared/storage/events/archives.ts";
import { erasePerson } from "../shared/storage/workspace/personal-data.ts";
import { writeQuietly } from "../shared/storage/write.ts";
import { ApiClient } from "../test/support/bot/api-client.ts";
import { clock } from "../test/support/bot/clock.ts";
import { applied } from "../test/support/bot/fake-target.ts";
import { FaultyDatabase } from "../test/support/bot/faulty-database.ts";
import { callerOf, follow } from "../test/support/bot/live-client.ts";
import { logged } from "../test/support/bot/stand-ins.ts";
import { createWorld, people, type World } from "../test/support/bot/world.ts";
import { createDeps } from "./env.ts";
import { runSchedule } from "./schedule.ts";
import { examineService } from "./slack/core/examine.ts";

const { admin, author, approver } = people;
const bucket = env.HISTORY;
const dayMs = 86_400_000;
const context = () => ({ db: env.DB, history: bucket, nowMs: clock.nowMs });

/** So many events of somebody, now. */
const fill = async (world: World, count: number): Promise<void> => {
  await env.DB.prepare(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)
     INSERT INTO job_events (workspace_id, number, type, actor_kind, actor_id, data, trace_id, created_at)
     SELECT ?1, (SELECT MAX(number) FROM job_events WHERE workspace_id = ?1) + i, 'change.edited', 'slack', ?3,
       json_object('changeId', 'x' || i, 'by', ?3), printf('%032x', i), ?4 FROM n`,
  )
    .bind(world.team, count, author, clock.iso())
    .run();
};

const countAll = () =>
  env.DB.prepare("UPDATE operation_cursor SET value = (SELECT MAX(id) FROM job_events) WHERE name = 'events'").run();

/** A push, of which the events end within the third archive, and a log that goes on for long. */
const oldWorld = async (): Promise<World> => {
  const world = await createWorld();
  await world.run(
    [author, "stage update technology python-1 experience_years=8"],
    [author, "commit Python"],
    [approver, "approve 1"],
  );
  await fill(world, 600);
  await world.run([approver, "push 1 d1cv"]);
  await fill(world, 500);
  await world.report("d1cv", { type: "job.completed", result: applied() });
  await fill(world, 900);
  await countAll();
  clock.advance((eventDays + 1) * dayMs);
  return world;
};

const numbersIn = async (world: World): Promise<number[]> =>
  (await world.rows("job_events")).map(({ number }) => Number(number));
const positions = async (world: World): Promise<number[]> => {
  const { results } = await env.DB.prepare(
    "SELECT position FROM event_archives WHERE workspace_id = ?1 ORDER BY position",
  )
    .bind(world.team)
    .all<{ position: number }>();
  return results.map(({ position }) => position);
};

/** Everything that is read of the log, by each of its readers. */
const readAll = async (world: World, client: ApiClient): Promise<unknown> => {
  const since = async (path: string): Promise<unknown[]> => {
    const found: unknown[] = [];
    let lastEventId = 0;
    for (;;) {
      const { status, body } = await client.get(`${path}limit=97&lastEventId=${lastEventId}`);
      expect(status, JSON.stringify(body)).toBe(200);
      const page = body as { events: unknown[]; lastEventId: number; more: boolean };
      found.push(...page.events);
      if (!page.more) return found;
      lastEventId = page.lastEventId;
    }
  };
  const activity: unknown[] = [];
  let before: number | null = 1e9;
  while (before !== null) {
    const { body } = await client.get(`/activity?limit=89&before=${before}`);
    const page = body as { events: unknown[]; next: number | null };
    activity.push(...page.events);
    before = page.next;
  }
  const [job] = await world.rows("jobs");
  return {
    all: await since("/events?"),
    ofCommit: await since("/events?commit=1&"),
    ofJob: await since(`/jobs/${String(job?.["id"])}/events?`),
    activity,
    timeline: (await client.get("/commits/1/timeline")).body as unknown,
    trace: (await world.command(author, "status 1 --trace")).said,
    log: (await world.command(author, "log")).said,
    middle: (await world.command(author, "log --before 700")).said,
    export: ((await client.get(`/people/${author}/export`)).body as { tables: { name: string }[] }).tables.find(
      ({ name }) => name === "job_events",
    ),
  };
};

beforeEach(async () => {
  const { objects } = await bucket.list();
  await bucket.delete(objects.map(({ key }) => key));
});

describe("events that were moved to R2", () => {
  test("every reader gets the same events in the same order before and after they were moved", async () => {
    const world = await oldWorld();
    const client = await ApiClient.of(world, admin);
    const before = await readAll(world, client);
    const numbers = await numbersIn(world);

    await runSchedule(createDeps(env), schedules.afterHour);
    expect(await positions(world)).toEqual([0, 1, 2]);
    const left = await numbersIn(world);
    expect(left).toEqual(numbers.filter((number) => number >= 3 * archivedNumbers));
    expect(await readAll(world, client)).toEqual(before);
  });

  test("a live client with an id from long ago gets every event once, in order, from R2 and then from D1", async () => {
    const world = await oldWorld();
    const numbers = await numbersIn(world);
    await archiveEvents(context(), 80);
    const live = await follow(callerOf(world.team, author));
    live.say({ type: "subscribe", workspace: true, lastEventId: 3 });
    await live.until(() => live.ids.length >= numbers.length - 3, "the backlog");
    expect(live.ids).toEqual(numbers.filter((number) => number > 3));
  });

  test("the newest events stay in D1 however old they are, and so do those that cron has not counted", async () => {
    const world = await createWorld();
    await fill(world, 2 * archivedNumbers + newestKept - 20);
    clock.advance((eventDays + 1) * dayMs);
    expect(await archiveEvents(context(), 80)).toEqual({ archives: 0, events: 0 });
    await countAll();
    await archiveEvents(context(), 80);
    expect(await positions(world)).toEqual([0]);
    const [newest] = (await numbersIn(world)).toReversed();
    await world.run([author, "stage update technology python-1 experience_years=8"]);
    expect((await numbersIn(world)).at(-1)).toBe((newest ?? 0) + 1);
  });

  test("events of the last ninety days stay in D1", async () => {
    const world = await oldWorld();
    clock.advance(-2 * dayMs);
    expect(await archiveEvents(context(), 80)).toEqual({ archives: 0, events: 0 });
    expect(await positions(world)).toEqual([]);
  });

  test("an event that a delivery names and a change of the settings stay in D1, and are listed once", async () => {
    const world = await oldWorld();
    const client = await ApiClient.of(world, admin);
    await env.DB.batch([
      env.DB.prepare("INSERT INTO erasing (workspace_id) VALUES (?1)").bind(world.team),
      env.DB.prepare(
        "UPDATE job_events SET type = 'workspace.settings_set' WHERE workspace_id = ?1 AND number = 50",
      ).bind(world.team),
      env.DB.prepare("DELETE FROM erasing").bind(),
    ]);
    const rows = await world.rows("job_events");
    const named = rows.find(({ number }) => number === 40);
    await env.DB.prepare(
      `INSERT INTO webhook_deliveries (workspace_id, id, endpoint_id, event_id, state, created_at, updated_at)
       VALUES (?1, 'msg_w_40', 'w', ?2, 'failed', ?3, ?3)`,
    )
      .bind(world.team, named?.["id"], named?.["created_at"])
      .run();
    const before = (await client.get("/events?limit=100")).body as unknown;
    await archiveEvents(context(), 80);
    expect((await numbersIn(world)).filter((number) => number < archivedNumbers)).toEqual([40, 50]);
    expect((await client.get("/events?limit=100")).body).toEqual(before);
  });

  test("no event leaves the log that no archive has", async () => {
    const world = await oldWorld();
    await env.DB.prepare(
      "INSERT INTO event_archives (workspace_id, position, sha256, events, bytes, archived_at) VALUES (?1, 1, 'x', 1, 1, 'x')",
    )
      .bind(world.team)
      .run();
    const remove = (number: number) =>
      env.DB.prepare("DELETE FROM job_events WHERE workspace_id = ?1 AND number = ?2").bind(world.team, number).run();
    await expect(remove(archivedNumbers - 1)).rejects.toThrow("append-only");
    await expect(remove(2 * archivedNumbers)).rejects.toThrow("append-only");
    await expect(env.DB.prepare("DELETE FROM job_events").run()).rejects.toThrow("append-only");
    await remove(archivedNumbers);
    await remove(2 * archivedNumbers - 1);
  });

  test("a move writes little more than one row for each event", async () => {
    const world = await oldWorld();
    const counted = { written: 0 };
    const db = {
      prepare: env.DB.prepare.bind(env.DB),
      batch: async <T>(statements: D1PreparedStatement[]) => {
        const results = await env.DB.batch<T>(statements);
        for (const { meta } of results) counted.written += meta.rows_written;
        return results;
      },
    };
    const { events } = await archiveEvents({ ...context(), db }, 80);
    expect((await positions(world)).length).toBe(3);
    expect(counted.written / events).toBeLessThanOrEqual(1.1);
    expect(counted.written / events).toBeGreaterThan(0.9);
  });

  test("without a bucket nothing is moved, and doctor says nothing", async () => {
    const world = await oldWorld();
    await env.DB.prepare("DELETE FROM event_archives").run();
    const deps = createDeps({ ...env, HISTORY: undefined } as unknown as Env);
    await runSchedule(deps, schedules.afterHour);
    expect(await positions(world)).toEqual([]);
    expect((await examineService(deps)).filter(({ check }) => check === "history")).toEqual([]);
  });

  test("doctor finds archives without their bucket, and an object that is missing", async () => {
    const world = await oldWorld();
    await env.DB.prepare("DELETE FROM event_archives").run();
    await archiveEvents(context(), 80);
    const found = async (overrides: Partial<Record<"HISTORY", undefined>> = {}) =>
      (await examineService(createDeps(Object.assign({ ...env }, overrides)))).find(({ check }) => check === "history");
    expect(await found()).toMatchObject({ ok: true });
    expect(await found({ HISTORY: undefined })).toMatchObject({ ok: false, detail: "no bucket is bound as HISTORY" });
    const { objects } = await bucket.list();
    await bucket.delete(objects.map(({ key }) => key));
    expect(await positions(world)).toEqual([0, 1, 2]);
    expect(await found()).toMatchObject({ ok: false, detail: expect.stringContaining("is missing") as string });
  });
});

describe("what ends a move in between", () => {
  const crash = new Error("the Worker has ended");
  /** Each of the calls of R2 that a move makes, before and after it has its effect. */
  const steps = (["head", "put", "get"] as const).flatMap((name) =>
    (["before", "after"] as const).map((when) => [when, name] as const),
  );

  test.each(steps)(
    "a Worker that ends %s R2's %s loses nothing, and the next run moves the events",
    async (when, name) => {
      const world = await oldWorld();
      const client = await ApiClient.of(world, admin);
      const before = (await client.get("/events?limit=100&lastEventId=480")).body as unknown;
      let isBroken = true;
      const history = new Proxy(bucket, {
        get: (target, property) => {
          const method = (Reflect.get(target, property) as (...args: unknown[]) => Promise<unknown>).bind(target);
          if (property !== name || !isBroken) return method;
          return async (...args: unknown[]) => {
            if (when === "after") await method(...args);
            throw crash;
          };
        },
      });
      expect(await archiveEvents({ ...context(), history }, 1)).toEqual({ archives: 0, events: 0 });
      expect((await client.get("/events?limit=100&lastEventId=480")).body).toEqual(before);
      isBroken = false;
      expect(await archiveEvents({ ...context(), history }, 80)).toMatchObject({ archives: 3 });
      expect((await client.get("/events?limit=100&lastEventId=480")).body).toEqual(before);
    },
  );

  test("a move of which D1 has lost the answer is not done twice", async () => {
    const world = await oldWorld();
    const client = await ApiClient.of(world, admin);
    const before = (await client.get("/events?limit=100&lastEventId=480")).body as unknown;
    const db = new FaultyDatabase();
    db.mood = "forgetful";
    await archiveEvents({ ...context(), db }, 1);
    expect(await positions(world)).toEqual([0]);
    db.mood = "well";
    await archiveEvents({ ...context(), db }, 80);
    expect(await positions(world)).toEqual([0, 1, 2]);
    expect((await client.get("/events?limit=100&lastEventId=480")).body).toEqual(before);
  });

  test("two runs at once move each event once", async () => {
    const world = await oldWorld();
    const client = await ApiClient.of(world, admin);
    const before = await readAll(world, client);
    await Promise.all([archiveEvents(context(), 80), archiveEvents(context(), 80)]);
    await archiveEvents(context(), 80);
    expect(await positions(world)).toEqual([0, 1, 2]);
    expect(await readAll(world, client)).toEqual(before);
  });

  test("an object that R2 has kept otherwise than it was written moves nothing", async () => {
    const world = await oldWorld();
    const history = {
      head: bucket.head.bind(bucket),
      get: async (key: string) => {
        await bucket.put(key, "something else");
        return bucket.get(key);
      },
      put: bucket.put.bind(bucket),
    } as unknown as R2Bucket;
    expect(await archiveEvents({ ...context(), history }, 2)).toEqual({ archives: 0, events: 0 });
    expect(await positions(world)).toEqual([]);
    expect(logged.join("\n")).toContain("history.not_archived");
  });

  test("somebody who is erased while an archive is written is not in it", async () => {
    const world = await oldWorld();
    const client = await ApiClient.of(world, admin);
    let erasing = true;
    const history = {
      head: bucket.head.bind(bucket),
      get: bucket.get.bind(bucket),
      put: async (...args: Parameters<R2Bucket["put"]>) => {
        if (erasing) expect((await client.send("DELETE", `/people/${author}`)).status).toBe(200);
        erasing = false;
        return bucket.put(...args);
      },
    } as unknown as R2Bucket;
    await archiveEvents({ ...context(), history }, 1);
    expect(await positions(world)).toEqual([]);
    await archiveEvents(context(), 80);
    expect(await positions(world)).toEqual([0, 1, 2]);
    expect(await textsOf(world)).not.toContain(author);
  });
});

/** All that R2 has of the workspace. */
const textsOf = async (world: World): Promise<string> => {
  const { objects } = await bucket.list({ prefix: `${world.team}/` });
  const texts = objects.map(async ({ key }) => {
    const body = (await bucket.get(key))?.body;
    if (!body) throw new Error(`There is no ${key}`);
    return new Response(body.pipeThrough(new DecompressionStream("gzip"))).text();
  });
  return (await Promise.all(texts)).join("\n");
};

describe("an archive that cannot be read", () => {
  const damage = {
    missing: (key: string) => bucket.delete(key),
    damaged: (key: string) => bucket.put(key, "something else"),
  } as const;

  test.each(["missing", "damaged"] as const)(
    "an archive that is %s is named, and hides no other events",
    async (cause) => {
      const world = await oldWorld();
      const client = await ApiClient.of(world, admin);
      await archiveEvents(context(), 80);
      const key = archiveKey(world.team, 1);
      await damage[cause](key);
      const lost = { key, from: archivedNumbers, below: 2 * archivedNumbers, cause };

      const upTo = (await client.get("/events?limit=100&lastEventId=480")).body as { events: { id: number }[] };
      expect(upTo).toMatchObject({ lastEventId: archivedNumbers - 1, more: true });
      expect(upTo.events.map(({ id }) => id)).toEqual(Array.from({ length: 31 }, (_, index) => 481 + index));
      const refused = await client.get(`/events?limit=100&lastEventId=${archivedNumbers - 1}`);
      expect(refused).toMatchObject({ status: 500, body: { code: "history_unreadable", ...lost } });
      expect((refused.body as { detail: string }).detail).toContain("events from 1024 on can be read");
      const after = (await client.get(`/events?limit=2&lastEventId=${2 * archivedNumbers - 1}`)).body as typeof upTo;
      expect(after.events.map(({ id }) => id)).toEqual([1024, 1025]);

      expect((await client.get("/commits/1/timeline")).body).toMatchObject({ code: "history_unreadable", ...lost });
      await world.mustSay(author, "status 1 --trace", /cannot be read/);
      await world.mustSay(author, "show 1", /Python/);
      const page = (await client.get("/activity?limit=3&before=1025")).body as typeof upTo;
      expect(page.events.map(({ id }) => id)).toEqual([1024, 511, 510]);
      expect(logged.join("\n")).toContain("history.lost");
    },
  );
});

describe("a person who is erased", () => {
  const busy = async (): Promise<{ world: World; client: ApiClient; pseudonym: string }> => {
    const world = await oldWorld();
    await archiveEvents(context(), 80);
    const client = await ApiClient.of(world, admin);
    const { body } = await client.send("DELETE", `/people/${author}`);
    return { world, client, pseudonym: (body as { pseudonym: string }).pseudonym };
  };
  const pending = async (world: World) =>
    (await env.DB.prepare("SELECT * FROM archive_erasures WHERE workspace_id = ?1").bind(world.team).all()).results;

  test("no reader names somebody whose data was erased, and soon no archive does", async () => {
    const { world, client, pseudonym } = await busy();
    expect(await textsOf(world)).toContain(author);
    const first = (await client.get("/events?limit=100&lastEventId=100")).body as unknown;
    expect(JSON.stringify(first)).not.toContain(author);
    expect(JSON.stringify(first)).toContain(pseudonym);
    expect(await pending(world)).toHaveLength(1);

    await runSchedule(createDeps(env), schedules.minute);
    expect(await pending(world)).toEqual([]);
    expect(await textsOf(world)).not.toContain(author);
    expect((await client.get("/events?limit=100&lastEventId=100")).body).toEqual(first);
  });

  test("an erasure of archives that ends in between goes on where it was, and every reader goes on", async () => {
    const { world, client } = await busy();
    const first = (await client.get("/events?limit=100&lastEventId=100")).body as unknown;
    const db = new FaultyDatabase();
    const history = {
      head: bucket.head.bind(bucket),
      get: bucket.get.bind(bucket),
      put: async (...args: Parameters<R2Bucket["put"]>) => {
        const put = await bucket.put(...args);
        db.mood = "down";
        return put;
      },
    } as unknown as R2Bucket;
    await eraseArchives({ ...context(), history, db }, 20);
    expect(await pending(world)).toMatchObject([{ position: 0 }]);
    expect((await client.get("/events?limit=100&lastEventId=100")).body).toEqual(first);
    await eraseArchives(context(), 2);
    expect(await pending(world)).toMatchObject([{ position: 2 }]);
    await eraseArchives(context(), 20);
    expect(await pending(world)).toEqual([]);
    expect(await textsOf(world)).not.toContain(author);
    expect((await client.get("/events?limit=100&lastEventId=100")).body).toEqual(first);
  });

  test("a database that was put back to before an erasure reads the archives that have followed it", async () => {
    const world = await oldWorld();
    await archiveEvents(context(), 80);
    const { results } = await env.DB.prepare("SELECT * FROM event_archives WHERE workspace_id = ?1")
      .bind(world.team)
      .all<{ position: number; sha256: string }>();
    const client = await ApiClient.of(world, admin);
    await client.send("DELETE", `/people/${author}`);
    await eraseArchives(context(), 20);
    for (const { position, sha256 } of results)
      await env.DB.prepare("UPDATE event_archives SET sha256 = ?3 WHERE workspace_id = ?1 AND position = ?2")
        .bind(world.team, position, sha256)
        .run();
    const { status, body } = await client.get("/events?limit=100&lastEventId=100");
    expect(status).toBe(200);
    expect(JSON.stringify(body)).not.toContain(author);
  });

  test("what is erased in an archive is what is erased in the log", async () => {
    const world = await createWorld();
    await env.DB.prepare(
      `INSERT INTO job_events (workspace_id, type, actor_kind, actor_id, data, trace_id, created_at) VALUES
        (?1, 'token.created', 'slack', ?2, '{"name":"Avery''s","scopes":["read"]}', 't', ?3),
        (?1, 'token.revoked', 'slack', 'U0OTHER', '{"name":"kept"}', 't', ?3),
        (?1, 'member.left', 'system', 'cv', '{"userId":"' || ?2 || '","tokens":["a name"]}', 't', ?3),
        (?1, 'commit.rejected', 'slack', 'U0OTHER', '{"reason":"ask <@' || ?2 || '>"}', 't', ?3),
        (?1, 'change.edited', 'slack', ?2, 'no JSON of ' || ?2, 't', ?3)`,
    )
      .bind(world.team, author, clock.iso())
      .run();
    await fill(world, 2 * archivedNumbers);
    await countAll();
    clock.advance((eventDays + 1) * dayMs);
    const other = await env.DB.prepare("SELECT * FROM job_events WHERE workspace_id = ?1 ORDER BY number")
      .bind(world.team)
      .all();
    await archiveEvents(context(), 80);
    const client = await ApiClient.of(world, admin);
    const { pseudonym } = (await client.send("DELETE", `/people/${author}`)).body as { pseudonym: string };
    await eraseArchives(context(), 20);
    const archived = JSON.parse((await textsOf(world)).split("\n")[0] ?? "") as { events: Record<string, unknown>[] };
    // The same rows again in another workspace's log, erased there by SQL.
    await env.DB.batch(
      other.results.slice(0, 40).map(({ workspace_id: _team, id: _id, ...row }) =>
        env.DB.prepare(
          `INSERT INTO job_events (workspace_id, ${Object.keys(row).join(", ")}) VALUES ('TCOPY', ${Object.keys(row)
            .map((_, index) => `?${index + 1}`)
            .join(", ")})`,
        ).bind(...Object.values(row)),
      ),
    );
    await writeQuietly(env.DB, erasePerson({ workspaceId: "TCOPY", now: clock.iso() }, author, pseudonym, admin));
    const { results } = await env.DB.prepare(
      "SELECT * FROM job_events WHERE workspace_id = 'TCOPY' ORDER BY number",
    ).all();
    const withoutIds = (rows: Record<string, unknown>[]) => rows.map(({ id: _id, workspace_id: _team, ...row }) => row);
    expect(withoutIds(archived.events.slice(0, 40))).toEqual(withoutIds(results));
  });
});

test("the workspaces take turns, the oldest events first, and one that cannot be written keeps no other from it", async () => {
  const first = await oldWorld();
  const second = await oldWorld();
  const before = clock.iso(-eventDays * dayMs);
  const [found] = await read(env.DB, archivableQuery(before, 20));
  expect(found.filter(({ workspaceId }) => [first.team, second.team].includes(workspaceId))).toEqual([
    { workspaceId: first.team, position: 0 },
    { workspaceId: second.team, position: 0 },
  ]);
  const history = {
    get: bucket.get.bind(bucket),
    put: bucket.put.bind(bucket),
    head: (key: string) => (key.startsWith(first.team) ? Promise.reject(new Error("no")) : bucket.head(key)),
  } as unknown as R2Bucket;
  await archiveEvents({ ...context(), history }, 80);
  expect([await positions(first), await positions(second)]).toEqual([[], [0, 1, 2]]);
});

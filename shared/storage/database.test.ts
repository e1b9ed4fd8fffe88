import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { createWorld } from "../../test/support/shared/world.ts";
import { DatabaseOutage, mustChange, read } from "./database.ts";
import { insertIdempotencyRecord } from "./idempotency-records.ts";
import { takeNumber } from "./counters.ts";
import { workspaceQuery } from "./workspace/workspaces.ts";
import { type Sql, sql, verbatim } from "./sql.ts";
import { writeQuietly } from "./write.ts";

const now = "2026-11-23T08:00:00.000Z";
const setMode = (workspaceId: string, from: string, to: string): Sql =>
  sql`UPDATE workspaces SET mode = ${to} WHERE workspace_id = ${workspaceId} AND mode = ${from}`;

const modeOf = async (workspaceId: string) => (await read(env.DB, workspaceQuery(workspaceId)))[0]?.mode;

describe("a batch", () => {
  test("a batch whose guarded update matches nothing is rolled back whole", async () => {
    const { workspaceId, table } = await createWorld();
    const outcome = await writeQuietly(env.DB, [
      takeNumber(workspaceId, "push"),
      ...mustChange(setMode(workspaceId, "solo", "team")),
      takeNumber(workspaceId, "commit"),
    ]);
    expect(outcome).toEqual({ written: false, because: "conflict" });
    expect(await table("counters")).toEqual([]);
  });

  test("a batch whose guarded update matches is written, and its assertion leaves no row", async () => {
    const { workspaceId, select } = await createWorld();
    const outcome = await writeQuietly(env.DB, mustChange(setMode(workspaceId, "team", "solo")));
    expect(outcome.written).toBe(true);
    expect(await modeOf(workspaceId)).toBe("solo");
    expect(await select("SELECT * FROM assertion")).toEqual([]);
  });

  test("a batch that changes another number of rows than asserted conflicts", async () => {
    const { workspaceId } = await createWorld();
    expect(await writeQuietly(env.DB, mustChange(setMode(workspaceId, "team", "solo"), 2))).toEqual({
      written: false,
      because: "conflict",
    });
    expect(await modeOf(workspaceId)).toBe("team");
  });

  test("a batch whose idempotency key is recorded reports a repeat and changes nothing", async () => {
    const { workspaceId } = await createWorld();
    await writeQuietly(env.DB, [insertIdempotencyRecord({ workspaceId, now }, "slack:1")]);
    const again = [insertIdempotencyRecord({ workspaceId, now }, "slack:1"), setMode(workspaceId, "team", "solo")];
    expect(await writeQuietly(env.DB, again)).toEqual({ written: false, because: "repeated" });
    expect(await modeOf(workspaceId)).toBe("team");
  });

  test.each([
    ["a column that does not exist", "UPDATE workspaces SET nonsense = 1"],
    ["a NULL where there must be a value", "INSERT INTO counters (workspace_id, name, value) VALUES ('T', 'x', NULL)"],
    [
      "a text where there must be a number",
      "INSERT INTO counters (workspace_id, name, value) VALUES ('T', 'x', 'many')",
    ],
  ])("a batch with a bug throws: %s", async (_name, text) => {
    const failure = await writeQuietly(env.DB, [verbatim(text)]).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(DatabaseOutage);
  });

  test("a batch with an illegal state change throws, and is no conflict", async () => {
    const { workspaceId, run } = await createWorld();
    await run(
      "INSERT INTO pushes VALUES (?1, 'p1', 1, 'c1', 'all', 'completed', 'U', 'C', 't', ?2, ?2, NULL)",
      workspaceId,
      now,
    );
    const back = sql`UPDATE pushes SET state = 'running' WHERE workspace_id = ${workspaceId}`;
    const failure = await writeQuietly(env.DB, [back]).catch((error: unknown) => error);
    expect(String(failure)).toContain("illegal edge: push");
    expect(failure).not.toBeInstanceOf(DatabaseOutage);
  });
});

/** As the platform words them (developers.cloudflare.com/d1, "Debug D1"). */
describe.each([
  "D1_ERROR: D1 DB is overloaded. Too many requests queued.",
  "D1_ERROR: D1 DB is overloaded. Requests queued for too long.",
  "D1_ERROR: Network connection lost.",
  "D1_ERROR: D1 DB storage operation exceeded timeout which caused object to be reset.",
  "D1_ERROR: Internal error in D1 DB storage caused object to be reset.",
  "D1_ERROR: Cannot resolve D1 DB due to transient issue on remote node.",
  "D1_ERROR: D1 DB reset because its code was updated.",
])("%s", (message) => {
  test("a D1 failure that passes by itself is an outage, for reads and writes", async () => {
    const db = { prepare: env.DB.prepare.bind(env.DB), batch: () => Promise.reject(new Error(message)) };
    const statement = sql`SELECT 1`;
    await expect(read(db, { statement, parse: () => null })).rejects.toBeInstanceOf(DatabaseOutage);
    await expect(writeQuietly(db, [statement])).rejects.toBeInstanceOf(DatabaseOutage);
  });
});

/** As workerd words it: src/workerd/util/sqlite.c++. */
test("a full database is an outage, after which the same write works", async () => {
  const full = () => Promise.reject(new Error("D1_ERROR: database or disk is full: SQLITE_FULL"));
  const db = { prepare: env.DB.prepare.bind(env.DB), batch: full };
  const statement = sql`UPDATE counters SET value = 1 WHERE workspace_id = 'nobody'`;
  await expect(writeQuietly(db, [statement])).rejects.toBeInstanceOf(DatabaseOutage);
  await expect(writeQuietly(env.DB, [statement])).resolves.not.toThrow();
});

test("a value that D1 cannot bind is a bug, not an outage", async () => {
  const statement = env.DB.prepare("SELECT ?1");
  expect(() => statement.bind(undefined)).toThrow(/D1_TYPE_ERROR/);
});

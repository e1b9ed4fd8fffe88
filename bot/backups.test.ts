import { env } from "cloudflare:test";
import { databasesOf } from "../shared/storage/databases.ts";
import { beforeEach, expect, test } from "vitest";
import { backupIndex, backupManifest, databaseManifest, outdated } from "../shared/backups/manifest.ts";
import { takeBackup } from "../shared/backups/take-backup.ts";
import { schedules } from "../shared/schedules.ts";
import { clock } from "../test/support/bot/clock.ts";
import { FaultyDatabase } from "../test/support/bot/faulty-database.ts";
import { botWith, createWorld, people, type World } from "../test/support/bot/world.ts";
import { createDeps } from "./env.ts";
import { runSchedule } from "./schedule.ts";

const { author } = people;
const bucket = env.BACKUPS;
const deps = () => createDeps(env);
const today = (): string => clock.iso().slice(0, 10);

const textOf = async (key: string): Promise<string> => {
  const found = await bucket.get(key);
  if (found === null) throw new Error(`There is no ${key}`);
  return found.text();
};
const rowsOf = async (key: string): Promise<{ table: string; row: Record<string, unknown> }[]> => {
  const found = await bucket.get(key);
  if (found === null) throw new Error(`There is no ${key}`);
  const text = await new Response(found.body.pipeThrough(new DecompressionStream("gzip"))).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { table: string; row: Record<string, unknown> });
};
const digestOf = async (key: string): Promise<string> => {
  const bytes = await (await bucket.get(key))?.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes ?? new ArrayBuffer()));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
};

/** A target's copy, as its own Worker would write it. */
const copyOfTarget = (database: string) =>
  takeBackup({ db: env.DB, bucket, database, version: null, nowMs: clock.nowMs });

const staged = async (): Promise<World> => {
  const world = await createWorld();
  await world.run([author, "stage update technology python-1 experience_years=8"]);
  return world;
};

beforeEach(async () => {
  const { objects } = await bucket.list();
  await bucket.delete(objects.map(({ key }) => key));
  await env.DB.prepare("DELETE FROM backups").run();
});

test("the copy of a database has every row, and a manifest with the digest of each part", async () => {
  const world = await staged();
  await runSchedule(deps(), schedules.hour);
  const manifest = databaseManifest.parse(JSON.parse(await textOf(`${today()}/bot/manifest.json`)));
  expect(manifest).toMatchObject({ database: "bot", isOneMoment: true, schema: expect.stringMatching(/^\d{4}_/) });
  const rows = (await Promise.all(manifest.parts.map(({ key }) => rowsOf(key)))).flat();
  const { results } = await env.DB.prepare("SELECT * FROM staged_changes").all();
  expect(rows.filter(({ table }) => table === "staged_changes").map(({ row }) => row)).toEqual(results);
  expect(rows.some(({ row }) => row["workspace_id"] === world.team)).toBe(true);
  expect(rows.length).toBe(Object.values(manifest.tables).reduce((sum, count) => sum + count, 0));
  for (const { key, sha256 } of manifest.parts) expect(await digestOf(key)).toBe(sha256);
});

test("no backup has the secret of a webhook", async () => {
  const world = await createWorld();
  await env.DB.prepare(
    `INSERT INTO webhook_endpoints
       (workspace_id, id, number, url, description, events, profile, state, secret, created_by, created_at, updated_at)
     VALUES (?1, 'w1', 1, 'https://example.com', '', '[]', 'fast', 'active', 'whsec_very-secret', 'U', ?2, ?2)`,
  )
    .bind(world.team, clock.iso())
    .run();
  await runSchedule(deps(), schedules.hour);
  const { parts } = databaseManifest.parse(JSON.parse(await textOf(`${today()}/bot/manifest.json`)));
  const rows = (await Promise.all(parts.map(({ key }) => rowsOf(key)))).flat();
  expect(rows.find(({ table }) => table === "webhook_endpoints")?.row).toMatchObject({ id: "w1", secret: null });
  expect(JSON.stringify(rows)).not.toContain("very-secret");
});

test("a database that is too large for one batch is read page by page, and its manifest says so", async () => {
  await staged();
  const ctx = { db: env.DB, bucket, database: "bot", version: null, nowMs: clock.nowMs };
  const whole = await takeBackup(ctx);
  await bucket.delete(`${today()}/bot/manifest.json`);
  const paged = await takeBackup(ctx, { snapshotBytes: 0, pageRows: 2, queries: 900, partLength: 500 });
  expect(paged).toMatchObject({ isOneMoment: false, tables: whole?.tables });
  expect(paged?.parts.length).toBeGreaterThan(3);
  await bucket.delete(`${today()}/bot/manifest.json`);
  const few = takeBackup(ctx, { snapshotBytes: 0, pageRows: 2, queries: 3, partLength: 500 });
  await expect(few).rejects.toThrow(/more rows than 3 queries/);
  expect(await bucket.head(`${today()}/bot/manifest.json`)).toBeNull();
});

test("a day's backup is complete once all three copies are there, and is made once", async () => {
  await staged();
  await runSchedule(deps(), schedules.hour);
  await copyOfTarget("d1cv");
  await runSchedule(deps(), schedules.afterHour);
  expect(await bucket.head(`${today()}/manifest.json`)).toBeNull();
  const { results: failed } = await env.DB.prepare("SELECT day, state, problem FROM backups").all();
  expect(failed).toEqual([{ day: today(), state: "failed", problem: "no copy of ai-agent" }]);
  await copyOfTarget("ai-agent");
  await runSchedule(deps(), schedules.afterHour);
  const text = await textOf(`${today()}/manifest.json`);
  expect(backupManifest.parse(JSON.parse(text))).toMatchObject({
    isOneMoment: true,
    databases: [{ database: "bot" }, { database: "d1cv" }, { database: "ai-agent" }],
  });
  expect(backupIndex.parse(JSON.parse(await textOf("index.json"))).backups).toEqual([today()]);
  const { results } = await env.DB.prepare("SELECT day, state, problem FROM backups").all();
  expect(results).toEqual([{ day: today(), state: "complete", problem: null }]);
  clock.advance(3_600_000);
  await runSchedule(deps(), schedules.hour);
  await runSchedule(deps(), schedules.afterHour);
  expect(await textOf(`${today()}/manifest.json`)).toBe(text);
});

test("a missing backup is an alert, and shows in the figures and in doctor", async () => {
  const token = "a-token-of-operators-with-32-characters";
  const ask = async (path: string): Promise<string> => {
    const headers = { authorization: `Bearer ${token}` };
    return (await botWith({ METRICS_TOKEN: token })(new Request(`https://cv-ops.example${path}`, { headers }))).text();
  };
  await staged();
  await runSchedule(deps(), schedules.afterHour);
  clock.advance(25 * 3_600_000);
  await runSchedule(deps(), schedules.minute);
  expect(await ask("/metrics")).toMatch(/^cv_ops_alert_raised\{alert="backup_missing",signal="backupAgeSeconds"\} 0$/m);
  clock.advance(2 * 3_600_000);
  await runSchedule(deps(), schedules.minute);
  expect(await ask("/metrics")).toMatch(/^cv_ops_alert_raised\{alert="backup_missing",signal="backupAgeSeconds"\} 1$/m);
  expect(await ask("/metrics")).toMatch(/^cv_ops_backup_age_seconds 97200$/m);
  expect(await ask("/doctor")).toMatch(/"check":"backup_missing","about":null,"ok":false/);
});

test("a database that cannot be read leaves no manifest, and cron tries again in the next hour", async () => {
  await staged();
  const db = new FaultyDatabase();
  db.mood = "down";
  await runSchedule({ ...deps(), databases: databasesOf({ DB: db }, clock.nowMs) }, schedules.hour);
  expect(await bucket.list()).toMatchObject({ objects: [] });
  clock.advance(3_600_000);
  await runSchedule(deps(), schedules.hour);
  expect(await bucket.head(`${today()}/bot/manifest.json`)).not.toBeNull();
});

test("backups of thirty days and of twelve months are kept, and the others deleted", async () => {
  const days = Array.from({ length: 500 }, (_, at) =>
    new Date(Date.UTC(2026, 10, 30) - at * 86_400_000).toISOString().slice(0, 10),
  );
  const old = new Set(outdated(days));
  const kept = days.filter((day) => !old.has(day));
  expect(kept.slice(0, 30)).toEqual(days.slice(0, 30));
  expect(kept.slice(30).every((day) => day.endsWith("-01"))).toBe(true);
  expect(kept.slice(30).at(-1)).toBe("2025-12-01");
  await staged();
  for (const day of ["2020-01-01", "2020-01-02"]) {
    for (const key of ["manifest.json", "bot/manifest.json"]) await bucket.put(`${day}/${key}`, "{}");
  }
  await bucket.put("2020-01-03/bot/rows-0001.jsonl.gz", "half");
  await runSchedule(deps(), schedules.hour);
  await copyOfTarget("d1cv");
  await copyOfTarget("ai-agent");
  await runSchedule(deps(), schedules.afterHour);
  const { backups } = backupIndex.parse(JSON.parse(await textOf("index.json")));
  expect(backups).toEqual([today(), "2020-01-02", "2020-01-01"]);
  expect(await bucket.list({ prefix: "2020-01-03/" })).toMatchObject({ objects: [] });
});

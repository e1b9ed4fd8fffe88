/** What grows has a stated retention: docs/guides/operate.md names each table, and the limits of the code. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { keptDays as keptAtTargets } from "../targets/service/prune.ts";
import { keptDaily, keptMonthly } from "../shared/backups/manifest.ts";
import { cronJobs } from "../shared/schedules.ts";
import { prunable } from "./support/bot/prunable.ts";
import { archivedNumbers, eventDays, newestKept } from "../shared/domain/events/archive.ts";
import { keptDays, maxWebhooks } from "../shared/domain/webhooks/webhook.ts";
import { root } from "../tools/scripts/tree.ts";

const page = readFileSync(join(root, "docs/guides/operate.md"), "utf8");

interface Kept {
  grows: string;
  kept: string;
}

/** The tables of the page, in order: of the staging database, then of the targets. */
const [retention = new Map<string, Kept>(), ofTargets = new Map<string, Kept>()] = page
  .split("| table | grows with | kept |")
  .slice(1)
  .map(
    (text) =>
      new Map(
        [...text.matchAll(/^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \|$/gm)].flatMap(
          ([, names = "", grows = "", kept = ""]) =>
            [...names.matchAll(/`(\w+)`/g)].map(
              ([, name = ""]) => [name, { grows: grows.trim(), kept: kept.trim() }] as const,
            ),
        ),
      ),
  );

const tablesOf = (folder: string): string[] => {
  const db = new DatabaseSync(":memory:");
  for (const path of globSync(`${folder}/*.sql`, { cwd: root }).toSorted()) {
    db.exec(readFileSync(join(root, path), "utf8"));
  }
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  db.close();
  return tables;
};

test("every table of the schemas has a stated retention, and no other", () => {
  expect([...retention.keys()].toSorted()).toEqual(tablesOf("migrations"));
  const atTargets = new Set([...tablesOf("targets/d1cv/migrations"), ...tablesOf("targets/ai-agent/migrations")]);
  expect([...ofTargets.keys()].toSorted()).toEqual([...atTargets].toSorted());
  const stated = [...retention.values(), ...ofTargets.values()];
  expect(stated.filter(({ grows, kept }) => grows === "" || kept === "")).toEqual([]);
});

test("what is kept for days is what cron deletes, and a test of cron has an old row of each", () => {
  const byAge = [...retention].filter(
    ([, { kept }]) => !kept.startsWith("for ever") && /\d+ (days?|minutes)/.test(kept),
  );
  expect(byAge.map(([table]) => table).toSorted()).toEqual(Object.keys(prunable).toSorted());
});

test("the query for what was refused gives the numbers of the last week", () => {
  const [, query = ""] = /--command "(SELECT[^"]*FROM refusal_counts[^"]*)"/.exec(page) ?? [];
  const db = new DatabaseSync(":memory:");
  for (const path of globSync("migrations/*.sql", { cwd: root }).toSorted()) {
    db.exec(readFileSync(join(root, path), "utf8"));
  }
  db.exec(`INSERT INTO refusal_counts VALUES (date('now'), 'T1', 'api', 'createCommit', 'forbidden', 2),
    (date('now'), 'T2', 'api', 'createCommit', 'forbidden', 3), (date('now'), '', 'slack', 'none', 'unauthorized', 9),
    (date('now', '-8 days'), '', 'slack', 'none', 'unauthorized', 100)`);
  expect(db.prepare(query).all()).toMatchObject([
    { via: "slack", operation: "none", code: "unauthorized", refused: 9 },
    { via: "api", operation: "createCommit", code: "forbidden", refused: 5 },
  ]);
  db.close();
});

test("the days and limits of the retention are those of the code", () => {
  for (const table of ["callbacks", "index_tasks"])
    expect(ofTargets.get(table)?.kept).toContain(`${keptAtTargets} days once`);
  const schedule = readFileSync(join(root, "bot/schedule.ts"), "utf8");
  const days = /const requestDays = (\d+);/.exec(schedule)?.[1];
  expect(retention.get("idempotency_records")?.kept).toBe(`${days} days`);
  expect(retention.get("api_replies")?.kept).toBe(`${days} days`);
  expect(retention.get("logins")?.kept).toBe(`${days} days`);
  expect(retention.get("webhook_deliveries")?.kept).toContain(`${keptDays} days`);
  expect(retention.get("webhook_endpoints")?.grows).toContain(`at most ${maxWebhooks} a workspace`);
  expect(retention.get("refusal_counts")?.kept).toBe(`${/const countDays = (\d+);/.exec(schedule)?.[1]} days`);
  expect(retention.get("addresses")?.kept).toContain(`nobody ${/const nobodyDays = (\d+);/.exec(schedule)?.[1]} day`);
  expect(retention.get("backups")?.kept).toBe(
    `${/const backupDays = (\d+);/.exec(schedule)?.[1]} days; the files in R2 for ${keptDaily} days and ${keptMonthly} months`,
  );
  expect(retention.get("job_events")?.kept).toContain(`after ${eventDays} days in R2`);
  expect(page).toContain(`the newest ${newestKept} events of each workspace and up to ${archivedNumbers} before`);
  expect(page).toContain(`at most ${cronJobs.archive.max} objects an hour`);
  expect(page.replaceAll(",", "")).toContain(`at most ${cronJobs.prune.max} rows`);
});

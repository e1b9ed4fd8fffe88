/** What grows has a stated retention: docs/guides/operate.md names each table, and the limits of the code. */
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { keptDays, maxWebhooks } from "../shared/domain/webhooks/webhook.ts";
import { root } from "../tools/scripts/tree.ts";

const page = readFileSync(join(root, "docs/guides/operate.md"), "utf8");

/** By table. */
const retention = new Map(
  [...page.matchAll(/^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|$/gm)].map(([, table = "", grows = "", kept = ""]) => [
    table,
    { grows: grows.trim(), kept: kept.trim() },
  ]),
);

test("every table of the schema has a stated retention, and no other", () => {
  const db = new DatabaseSync(":memory:");
  for (const path of globSync("migrations/*.sql", { cwd: root }).toSorted()) {
    db.exec(readFileSync(join(root, path), "utf8"));
  }
  const tables = db
    .prepare("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  db.close();
  expect([...retention.keys()].toSorted()).toEqual(tables);
  expect([...retention.values()].filter(({ grows, kept }) => grows === "" || kept === "")).toEqual([]);
});

test("the days and limits of the retention are those of the code", () => {
  const schedule = readFileSync(join(root, "bot/schedule.ts"), "utf8");
  const days = /const requestDays = (\d+);/.exec(schedule)?.[1];
  expect(retention.get("idempotency_records")?.kept).toBe(`${days} days`);
  expect(retention.get("api_replies")?.kept).toBe(`${days} days`);
  expect(retention.get("webhook_deliveries")?.kept).toContain(`${keptDays} days`);
  expect(retention.get("webhook_endpoints")?.grows).toContain(`at most ${maxWebhooks} a workspace`);
  const pruned = /pruned: (\d+)/.exec(schedule)?.[1];
  expect(page.replaceAll(",", "")).toContain(`at most ${pruned} rows`);
});

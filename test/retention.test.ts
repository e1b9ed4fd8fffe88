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
  const schedule = readFileSync(join(root, "bot/schedule.ts"), "utf8");
  const days = /const requestDays = (\d+);/.exec(schedule)?.[1];
  expect(retention.get("idempotency_records")?.kept).toBe(`${days} days`);
  expect(retention.get("api_replies")?.kept).toBe(`${days} days`);
  expect(retention.get("logins")?.kept).toBe(`${days} days`);
  expect(retention.get("webhook_deliveries")?.kept).toContain(`${keptDays} days`);
  expect(retention.get("webhook_endpoints")?.grows).toContain(`at most ${maxWebhooks} a workspace`);
  expect(retention.get("refusal_counts")?.kept).toBe(`${/const countDays = (\d+);/.exec(schedule)?.[1]} days`);
  expect(retention.get("addresses")?.kept).toContain(`nobody ${/const nobodyDays = (\d+);/.exec(schedule)?.[1]} day`);
  const pruned = /pruned: (\d+)/.exec(schedule)?.[1];
  expect(page.replaceAll(",", "")).toContain(`at most ${pruned} rows`);
});

import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { columnsOfTable, countsOf, expectedColumns } from "../service/testing/kit.ts";
import d1cvService from "../d1cv/migrations/0001_service.sql?raw";
import ownService from "./migrations/0001_service.sql?raw";

test.each(entityTypes)("the ai-agent table of %s has the entity's fields", async (entityType) => {
  expect(await columnsOfTable(env.DB, entityType)).toEqual(expectedColumns(entityType, []));
});

test("the protocol's tables are the same in both targets", () => {
  expect(ownService).toContain("CREATE TABLE receipts");
  expect(ownService).toBe(d1cvService);
});

test.each(entityTypes)("ai-agent counts the rows of %s as they come and go", async (entityType) => {
  expect(await countsOf(env.DB, entityType)).toEqual([0, 1, 2, 1]);
});

test("ai-agent counts the vectors that its index has contained", async () => {
  const counted = (): Promise<unknown> =>
    env.DB.prepare("SELECT vector_count FROM row_counts WHERE portfolio_id = 'vectors'").first("vector_count");
  const run = (sql: string) => env.DB.prepare(sql).run();
  await run(
    "INSERT INTO vectors (portfolio_id, entity_type, id, vector_id) VALUES ('vectors', 'technology', 'a', 'v')",
  );
  expect(await counted()).toBeNull();
  for (const [hash, count] of [
    ["'h'", 1],
    ["'i'", 1],
    ["NULL", 0],
    ["'h'", 1],
  ] as const) {
    await run(`UPDATE vectors SET content_hash = ${hash} WHERE portfolio_id = 'vectors'`);
    expect(await counted()).toBe(count);
  }
  await run("DELETE FROM vectors WHERE portfolio_id = 'vectors'");
  expect(await counted()).toBe(0);
});

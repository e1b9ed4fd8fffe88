import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { columnsOfTable, countsOf, expectedColumns } from "../service/testing/kit.ts";

test.each(entityTypes)("the d1cv table of %s has the entity's fields", async (entityType) => {
  expect(await columnsOfTable(env.DB, entityType)).toEqual(
    expectedColumns(entityType, ["deleted_at TEXT", "deleted_by TEXT"]),
  );
});

test.each(entityTypes)("d1cv counts the rows of %s as they come and go", async (entityType) => {
  expect(await countsOf(env.DB, entityType)).toEqual([0, 1, 2, 1]);
});

test.each(entityTypes)("d1cv counts no row of %s that is marked as deleted, until it is back", async (entityType) => {
  const before = await countsOf(env.DB, entityType);
  const counted = (): Promise<unknown> =>
    env.DB.prepare("SELECT row_count FROM row_counts WHERE portfolio_id = 'counted'").first("row_count");
  const mark = (value: string | null) =>
    env.DB.prepare(`UPDATE ${entityType} SET deleted_at = ?1 WHERE portfolio_id = 'counted' AND id = 'b'`).bind(value);
  const all = Number(await counted());
  expect(before.at(-1)).toBe(1);
  await mark("2026-11-23T08:00:00.000Z").run();
  await mark("2026-11-24T08:00:00.000Z").run();
  expect(await counted()).toBe(all - 1);
  await env.DB.prepare(`DELETE FROM ${entityType} WHERE portfolio_id = 'counted' AND id = 'b'`).run();
  expect(await counted()).toBe(all - 1);
});

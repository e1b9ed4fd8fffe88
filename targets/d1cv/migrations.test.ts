import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { columnsOfTable, expectedColumns } from "../service/testing/kit.ts";

test.each(entityTypes)("the d1cv table of %s has the entity's fields", async (entityType) => {
  expect(await columnsOfTable(env.DB, entityType)).toEqual(
    expectedColumns(entityType, ["deleted_at TEXT", "deleted_by TEXT"]),
  );
});

import { applyD1Migrations, env } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { columnsOfTable, expectedColumns } from "../service/test-kit.ts";

beforeAll(() => applyD1Migrations(env.DB, env.TEST_MIGRATIONS));

test.each(entityTypes)("the table of %s has the entity's fields", async (entityType) => {
  expect(await columnsOfTable(env.DB, entityType)).toEqual(
    expectedColumns(entityType, ["deleted_at TEXT", "deleted_by TEXT"]),
  );
});

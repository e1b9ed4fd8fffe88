import { env } from "cloudflare:test";
import { expect, test } from "vitest";
import { entityTypes } from "../../shared/domain/portfolio/registry.ts";
import { columnsOfTable, expectedColumns } from "../service/testing/kit.ts";
import d1cvService from "../d1cv/migrations/0001_service.sql?raw";
import ownService from "./migrations/0001_service.sql?raw";

test.each(entityTypes)("the ai-agent table of %s has the entity's fields", async (entityType) => {
  expect(await columnsOfTable(env.DB, entityType)).toEqual(expectedColumns(entityType, []));
});

test("the protocol's tables are the same in both targets", () => {
  expect(ownService).toContain("CREATE TABLE receipts");
  expect(ownService).toBe(d1cvService);
});

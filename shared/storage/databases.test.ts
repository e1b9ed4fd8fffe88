import { expect, test } from "vitest";
import type { Database } from "./database.ts";
import { databasesOf } from "./databases.ts";

test("a Worker starts without its databases, as Cloudflare tries what is uploaded", () => {
  const unbound = {} as { DB: Database };
  expect(() => databasesOf(unbound, () => 0)).not.toThrow();
});

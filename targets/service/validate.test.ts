import { describe, expect, test } from "vitest";
import type { Operations } from "../../shared/targets/protocol.ts";
import { technology } from "./testing/kit.ts";
import { validateOperations } from "./validate.ts";

const insert = (values: Operations["inserts"][number]["values"]): Partial<Operations> => ({
  inserts: [{ entityType: "technology", id: "rust-1", values }],
});
const update = (changes: Operations["updates"][number]["changes"]): Partial<Operations> => ({
  updates: [{ entityType: "technology", id: "rust-1", changes, ifVersion: null }],
});
const check = (operations: Partial<Operations>) =>
  validateOperations({ inserts: [], updates: [], deletes: [], ...operations });

const refused: [what: string, operations: Partial<Operations>, message: RegExp][] = [
  ["no operation", {}, /at least one/],
  [
    "an unknown field",
    insert({ name: "Rust", category: "Backend", nam: "x" }),
    /rust-1: nam is not a field of technology/,
  ],
  [
    "a name of Object's own",
    insert({ name: "Rust", category: "Backend", constructor: "x" }),
    /constructor is not a field/,
  ],
  ["a wrong type", update({ experience_years: "eight" }), /experience_years must be a number from 0 to 60/],
  ["a value out of range", update({ proficiency_percent: 101 }), /proficiency_percent must be a whole number/],
  ["an unknown option", update({ category: "Backand" }), /category must be one of Backend/],
  ["an insert without a required field", insert({ name: "Rust" }), /category is required/],
  ["a required field emptied", update({ name: null }), /name is required/],
  ["an update without changes", update({}), /no changes/],
  [
    "two operations on a row",
    { ...update({ level: "Expert" }), inserts: [technology("rust-1")] },
    /at most one operation/,
  ],
];

describe("operations", () => {
  test.each(refused)("operations are refused for %s before they are applied", (_what, operations, message) => {
    expect(check(operations)).toMatchObject({
      ok: false,
      reason: { code: "invalid_request", message: expect.stringMatching(message) },
    });
  });

  test("operations are normalised by their fields, with null for empty ones", () => {
    expect(check(insert({ name: "  Rust ", category: "Backend", summary: null }))).toMatchObject({
      ok: true,
      value: { inserts: [{ values: { name: "Rust", category: "Backend", summary: null } }] },
    });
  });
});

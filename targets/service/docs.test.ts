import { expect, test } from "vitest";
import page from "../../docs/reference/target-protocol.md?raw";
import * as protocol from "../../shared/targets/protocol.ts";
import { validateOperations } from "./validate.ts";

const examples = [...page.matchAll(/<!-- (\w+) -->\n```json\n([\s\S]*?)```/g)].map(
  ([, schema = "", text = ""], index) => [`${index + 1}: ${schema}`, schema, text] as const,
);
const schemas = new Map<string, unknown>(Object.entries(protocol));

const isSchema = (value: unknown): value is { parse: (data: unknown) => unknown } =>
  typeof value === "object" && value !== null && "parse" in value && typeof value.parse === "function";

test("the protocol page labels every JSON body with its schema's name", () => {
  expect(examples).toHaveLength(page.split("```json").length - 1);
  expect(new Set(examples.map(([, schema]) => schema)).size).toBeGreaterThanOrEqual(9);
});

test.each(examples)("the protocol page's example %s satisfies its schema without more fields", (_title, name, text) => {
  const schema = schemas.get(name);
  if (!isSchema(schema)) throw new Error(`no schema ${name}`);
  const example: unknown = JSON.parse(text);
  expect(schema.parse(example)).toEqual(example);
});

test("the protocol page's commit follows the entities' rules", () => {
  const text = examples.find(([, schema]) => schema === "applyRequest")?.[2] ?? "";
  expect(validateOperations(protocol.applyRequest.parse(JSON.parse(text)).operations)).toMatchObject({ ok: true });
});

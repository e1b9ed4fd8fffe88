/** The OpenAPI document is valid and agrees with the table of operations. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { describe, expect, test } from "vitest";
import { describedDocument } from "../tools/scripts/openapi-document.ts";
import { operations } from "../shared/contract/operations.ts";
import type { Operation } from "../shared/contract/operations/operation.ts";

const described = describedDocument();
const document = described.document as {
  paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, unknown> };
};

const entries: [string, Operation][] = Object.entries(operations);

test("the OpenAPI document is valid OpenAPI 3.1", async () => {
  expect(await new Validator().validate(structuredClone(document) as Record<string, unknown>)).toEqual({ valid: true });
});

test("every reference of the OpenAPI document resolves, and every schema is used", () => {
  const text = JSON.stringify(document);
  const used = new Set([...text.matchAll(/#\/components\/schemas\/(\w+)/g)].map(([, name]) => name));
  expect(used).toEqual(new Set(Object.keys(document.components.schemas)));
});

test("every field and parameter of the API is described, and no description is left over", () => {
  expect(described.missing).toEqual([]);
  expect(described.unused).toEqual([]);
});

test("what is said of null is said of fields that can be null only", () => {
  const { properties } = document.components.schemas["Job"] as { properties: Record<string, { description: string }> };
  expect(properties["stage"]?.description).toContain("; null where it has not said");
  expect(properties["target"]?.description).toBe("Name of the target.");
});

test.each(entries.filter(([, { body }]) => body))("the example of %s fits its schema", (_id, { body, example }) => {
  expect(body?.parse(example)).toEqual(example);
});

describe.each(entries)("%s", (id, operation) => {
  test("an API operation is documented with its success, problems and parameters", () => {
    const found = document.paths[operation.path]?.[operation.method.toLowerCase()];
    expect(found?.operationId).toBe(id);
    const said = JSON.stringify(found);
    expect(Object.keys(found?.responses ?? {})).toContain(String(operation.status));
    for (const code of operation.problems) expect(said).toContain(`\`${code}\``);
    for (const [, name] of operation.path.matchAll(/\{(\w+)\}/g)) {
      expect(Object.keys(operation.params?.shape ?? {})).toContain(name);
    }
  });

  test("an API operation has a unique address with its parameters", () => {
    const same = entries.filter(([, other]) => other.path === operation.path && other.method === operation.method);
    expect(same.map(([name]) => name)).toEqual([id]);
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(Object.keys(operation.params?.shape ?? {})).toEqual(inPath);
  });
});

import { describe, expect, test } from "vitest";
import { type FieldValue, type FieldValues, textOf } from "../portfolio/entity.ts";
import { type EntityType, entityOf, entityTypes } from "../portfolio/registry.ts";
import { checkValues } from "./values.ts";

const update = (entityType: EntityType, values: Record<string, FieldValue>) =>
  checkValues(entityOf(entityType), values, false);

const problemsOf = (entityType: EntityType, values: Record<string, FieldValue>, complete = false) => {
  const checked = checkValues(entityOf(entityType), values, complete);
  if (checked.ok) throw new Error(`expected problems, got ${JSON.stringify(checked.value)}`);
  return checked.reason.problems;
};

describe("typed values", () => {
  test.each<[EntityType, string, FieldValue, FieldValue]>([
    ["technology", "experience_years", "8", 8],
    ["technology", "experience_years", " 8.5 ", 8.5],
    ["technology", "experience_years", "8,5", 8.5],
    ["technology", "experience_years", "0", 0],
    ["technology", "experience_years", 8, 8],
    ["technology", "proficiency_percent", "100", 100],
    ["technology", "is_featured", "yes", true],
    ["technology", "is_featured", "TRUE", true],
    ["technology", "is_featured", "1", true],
    ["technology", "is_featured", "off", false],
    ["technology", "is_featured", false, false],
    ["technology", "category", "backend", "Backend"],
    ["technology", "category", "DEVOPS", "DevOps"],
    ["technology", "name", "  Rust ", "Rust"],
    ["technology", "name", "8", "8"],
    ["project", "technologies", "Rust, SQLite ,,Hono", ["Rust", "SQLite", "Hono"]],
    ["project", "technologies", ["Rust, the language"], ["Rust, the language"]],
    ["project", "start_date", "2024", "2024"],
    ["project", "start_date", "2024-05", "2024-05"],
    ["project", "start_date", "2024-05-31", "2024-05-31"],
    ["project", "start_date", "2024-02-29", "2024-02-29"],
    ["project", "url", "https://example.com/a?b=c", "https://example.com/a?b=c"],
    ["profile", "email", "noor@example.com", "noor@example.com"],
  ])("a typed value is read as its field's kind: %s %s %j", (entityType, field, typed, stored) => {
    expect(update(entityType, { [field]: typed })).toEqual({ ok: true, value: { [field]: stored } });
  });

  test.each<[EntityType, string, FieldValue]>([
    ["technology", "experience_years", "eight"],
    ["technology", "experience_years", "61"],
    ["technology", "experience_years", "-1"],
    ["technology", "experience_years", "1e1"],
    ["technology", "experience_years", "0x10"],
    ["technology", "experience_years", true],
    ["technology", "proficiency_percent", "80.5"],
    ["technology", "proficiency_percent", "101"],
    ["technology", "is_featured", "maybe"],
    ["technology", "is_featured", 1],
    ["technology", "category", "Gardening"],
    ["technology", "name", "x".repeat(81)],
    ["technology", "name", 8],
    ["project", "start_date", "May 2024"],
    ["project", "start_date", "2024-13"],
    ["project", "start_date", "2024-5"],
    ["project", "start_date", "2024-05-32"],
    ["project", "start_date", "2024-02-30"],
    ["project", "start_date", "2023-02-29"],
    ["project", "url", "example.com"],
    ["project", "url", "ftp://example.com"],
    ["project", "url", "javascript:alert(1)"],
    ["profile", "email", "noor at example"],
    ["project", "technologies", Array.from({ length: 31 }, (_, index) => `t${index}`)],
    ["project", "technologies", ["x".repeat(301)]],
  ])("a typed value that does not fit its field is refused: %s %s %j", (entityType, field, typed) => {
    const { hint, example } = entityOf(entityType).fields[field] ?? {};
    expect(problemsOf(entityType, { [field]: typed })).toEqual([
      { field, rule: `must be ${hint}`, example: `${field}=${example}` },
    ]);
  });
});

describe("an empty value", () => {
  test.each(["", "   ", null])("an empty value (%j) clears an optional field", (typed) => {
    expect(update("technology", { level: typed, is_featured: typed })).toEqual({
      ok: true,
      value: { level: null, is_featured: null },
    });
  });

  test("an empty value is refused for a required field", () => {
    expect(problemsOf("technology", { name: "" })).toEqual([
      { field: "name", rule: "cannot be empty", example: "name=Rust" },
    ]);
  });
});

describe("required fields", () => {
  test("a required field may be left out of an update, not of a new row", () => {
    expect(update("technology", {})).toEqual({ ok: true, value: {} });
    expect(problemsOf("technology", { level: "Expert" }, true).map(({ field, example }) => [field, example])).toEqual([
      ["name", "name=Rust"],
      ["category", "category=Backend"],
    ]);
  });

  test("a required field that is empty is reported as one problem", () => {
    expect(problemsOf("technology", { name: "", category: "Backend" }, true)).toHaveLength(1);
  });
});

describe("an unknown field", () => {
  test("an unknown field is reported with the closest field and an example", () => {
    expect(problemsOf("technology", { experience_year: "8" })).toEqual([
      {
        field: "experience_year",
        rule: "is not a field of technology; did you mean experience_years?",
        example: "experience_years=8",
      },
    ]);
  });

  test("an unknown field with no close name lists all fields", () => {
    const [problem] = problemsOf("technology", { salary: "8" });
    expect(problem?.rule).toContain("its fields are name, category, experience_years");
  });

  test.each(["__proto__", "constructor", "toString"])("a name that every object has is no field: %s", (name) => {
    expect(problemsOf("technology", JSON.parse(`{"${name}": "x"}`) as FieldValues).map(({ field }) => field)).toEqual([
      name,
    ]);
  });

  test("an unknown field is reported beside all other problems", () => {
    const fields = problemsOf("technology", { naem: "Rust", experience_years: "x" }, true).map(({ field }) => field);
    expect(fields).toEqual(["naem", "experience_years", "name", "category"]);
  });
});

describe.each(entityTypes)("%s", (type) => {
  const entity = entityOf(type);
  const unquoted = (example: string): string => example.replace(/^"|"$/g, "");
  const typed = Object.fromEntries(
    Object.entries(entity.fields).map(([name, { example }]) => [name, unquoted(example)]),
  );

  test("an entity accepts its own examples as a person types them", () => {
    expect(checkValues(entity, typed, true)).toMatchObject({ ok: true });
  });

  test("an entity has a display name, a text to embed and a JSON Resume entry", () => {
    const checked = checkValues(entity, typed, true);
    if (!checked.ok) throw new Error("its examples are wrong");
    expect(entity.displayName(checked.value)).toMatch(/\S/);
    expect(entity.embeddingText(checked.value)).toContain(textOf(Object.values(checked.value)[0]));
    expect(JSON.stringify(entity.jsonResume(checked.value))).toContain(textOf(Object.values(checked.value)[0]));
  });

  test("an entity with required fields only has no null and no empty sentence", () => {
    const required = Object.fromEntries(Object.entries(typed).filter(([name]) => entity.fields[name]?.required));
    const checked = checkValues(entity, required, true);
    if (!checked.ok) throw new Error("its required examples are wrong");
    expect(JSON.stringify(entity.jsonResume(checked.value))).not.toMatch(/null|:""/);
    expect(entity.embeddingText(checked.value)).not.toMatch(/null|undefined|: \.|^\s|\s$/);
  });
});

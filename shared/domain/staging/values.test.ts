import { describe, expect, test } from "vitest";
import { type FieldValue, type FieldValues, textOf } from "../portfolio/entity.ts";
import { type EntityType, entityOf, entityTypes } from "../portfolio/registry.ts";
import { periodProblems } from "./periods.ts";
import { readNumber } from "./read-number.ts";
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
    ["technology", "experience_years", ".5", 0.5],
    ["technology", "experience_years", ",5", 0.5],
    ["technology", "experience_years", "0,125", 0.125],
    ["technology", "experience_years", "８", 8],
    ["technology", "experience_years", "٨٫٥", 8.5],
    ["technology", "experience_years", "8 years", 8],
    ["technology", "experience_years", "8+ yrs.", 8],
    ["technology", "proficiency_percent", "80 %", 80],
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
    ["project", "technologies", '"Compilers, advanced",Databases', ["Compilers, advanced", "Databases"]],
    ["project", "technologies", ["  Cafe\u0301 "], ["Café"]],
    ["project", "technologies", [], null],
    ["project", "name", "Cafe\u0301", "Café"],
    ["project", "start_date", "２０２４－０５", "2024-05"],
    ["project", "url", "https://bücher.example/straße?q=é", "https://bücher.example/straße?q=é"],
    ["project", "url", "https://例え.テスト/道", "https://例え.テスト/道"],
    ["profile", "email", "jörg@bücher.example", "jörg@bücher.example"],
    ["profile", "email", "用户@例子.广告", "用户@例子.广告"],
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
    ["profile", "email", "a@b"],
    ["profile", "email", "a b@example.com"],
    ["profile", "email", "a@-x.example"],
    ["technology", "experience_years", "many years"],
  ])("a typed value that does not fit its field is refused: %s %s %j", (entityType, field, typed) => {
    const { hint, example } = entityOf(entityType).fields[field] ?? {};
    expect(problemsOf(entityType, { [field]: typed })).toEqual([
      { field, rule: `must be ${hint}`, example: `${field}=${example}` },
    ]);
  });
});

describe("a value that breaks a rule of its own", () => {
  test.each<[EntityType, string, FieldValue, string]>([
    ["technology", "experience_years", "1,000", "can be read in two ways: write 1000 or 1"],
    ["technology", "experience_years", "1.250", "can be read in two ways: write 1250 or 1.25"],
    ["technology", "experience_years", "1.000,5", "must be a number from 0 to 60"],
    ["technology", "experience_years", "8 months", 'must be the number alone, without "months"'],
    ["technology", "proficiency_percent", "8 years", 'must be the number alone, without "years"'],
    [
      "technology",
      "name",
      "Py\u202ethon",
      'has U+202E (right-to-left override) after "Py", which nobody sees: leave it out',
    ],
    ["technology", "name", "x".repeat(81), "has 81 characters; it may have at most 80"],
    ["technology", "name", "Rust\nGo", "must be one line"],
    ["project", "technologies", ["a", "b\nc"], "has a line break in item 2; an item is one line"],
    ["technology", "name", "\u2800", "has nothing visible"],
    ["technology", "name", "a\ud83d", 'has U+D83D (half a character) after "a", which nobody sees: leave it out'],
    ["project", "highlights", ["a", "x".repeat(412)], "has 412 characters in item 2; an item may have at most 300"],
    ["project", "highlights", `a,${"x".repeat(412)}`, "has 412 characters in item 2; an item may have at most 300"],
    ["project", "technologies", Array.from({ length: 31 }, () => "t"), "has 31 items; a list may have at most 30"],
    ["project", "technologies", ["a", "  "], "has nothing in item 2"],
    [
      "project",
      "technologies",
      ["a", "b\u200b"],
      'has U+200B (zero-width space) after "b", which nobody sees: leave it out (item 2)',
    ],
    [
      "project",
      "technologies",
      '"Rust',
      'has a quote that is never closed: write "…" around the whole item, and "" for a quote in it',
    ],
    ["project", "url", "https://me:secret@example.com", "must be an address without a user name or a password"],
    ["project", "url", "https://me@example.com", "must be an address without a user name or a password"],
    ["project", "url", "https://example.com see there", "must be an address without spaces"],
  ])("a value is refused in words that fit it: %s %s %j", (entityType, field, typed, rule) => {
    expect(problemsOf(entityType, { [field]: typed }).map((problem) => problem.rule)).toEqual([rule]);
  });

  test("a number with two kinds of separators is read, and its range is what it breaks", () => {
    expect(readNumber("1.000,5", [])).toBe(1000.5);
    expect(readNumber("1,000,000", [])).toBe(1_000_000);
    expect(readNumber("12 500", [])).toBe(12_500);
    expect(readNumber("-1,5", [])).toBe(-1.5);
    expect(readNumber("1,00,000", [])).toBeNull();
  });
});

describe("what is staged already", () => {
  test("a staged value that breaks a newer rule stays, while another one is edited", () => {
    const known = { name: "Py\u202ethon", category: "Backend" };
    expect(checkValues(entityOf("technology"), { level: "Expert" }, true, known)).toEqual({
      ok: true,
      value: { level: "Expert" },
    });
  });
});

describe("an end and its start", () => {
  test.each([
    ["2024-05", "2024", []],
    ["2024", "2024-01", []],
    ["2024-05-31", "2024-05", []],
    ["2024-05", "2024-05-01", []],
    ["2024", "2023-12", ["is before its start: start_date is 2024"]],
    ["2024-05", "2024-04-30", ["is before its start: start_date is 2024-05"]],
    ["2024-06-02", "2024-06-01", ["is before its start: start_date is 2024-06-02"]],
    ["some day", "2023", []],
  ])("dates from %s to %s are compared by what they span", (start, end, rules) => {
    const row = { start_date: start, end_date: end };
    expect(periodProblems(entityOf("project"), row, ["end_date"]).map(({ rule }) => rule)).toEqual(rules);
  });

  test("a start that is moved behind its end is what is wrong, and an untouched pair is nobody's fault", () => {
    const row = { start_date: "2024", end_date: "2023" };
    expect(periodProblems(entityOf("project"), row, ["start_date"])).toEqual([
      { field: "start_date", rule: "is after its end: end_date is 2023", example: "start_date=2023" },
    ]);
    expect(periodProblems(entityOf("project"), row, ["name"])).toEqual([]);
    expect(
      periodProblems(entityOf("certification"), { issued_date: "2024", expires_date: "2020" }, ["expires_date"]),
    ).toHaveLength(1);
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

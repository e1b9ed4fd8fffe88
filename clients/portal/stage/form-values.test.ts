import { expect, test } from "vitest";
import type { EntityField } from "../data/queries.ts";
import { changedValues, typedFrom } from "./form-values.ts";
import { refusedFields } from "./refused-fields.ts";
import { ApiProblem } from "../../sdk/index.ts";

const field = (name: string, kind: string): EntityField => ({
  name,
  kind,
  label: name,
  hint: "",
  example: "",
  required: false,
  options: null,
});
const fields = [field("name", "text"), field("years", "number"), field("featured", "boolean"), field("tags", "list")];

test("a form sends only changed fields, lists by line and null for emptied ones", () => {
  const before = typedFrom(fields, { name: "Python", years: 5, featured: true, tags: ["a", "b, c"] });
  expect(before).toEqual({ name: "Python", years: "5", featured: "yes", tags: "a\nb, c" });
  const typed = { ...before, years: " 8 ", featured: "", tags: "a\n\nb, c\n d " };
  expect(changedValues(fields, before, typed)).toEqual({ years: "8", featured: null, tags: ["a", "b, c", "d"] });
  expect(changedValues(fields, before, before)).toEqual({});
});

const refusal = (code: string, said: object): ApiProblem =>
  new ApiProblem({ status: 422, code, title: "", detail: "In words", traceId: null, ...said });

test("a refusal about fields is shown at the fields of the form", () => {
  const missing = { entityType: "technology", typed: "pyton", target: null, suggestions: [] };
  const problems = [{ field: "years", rule: "must be a number from 0 to 60", example: "years=8" }];
  expect(refusedFields(refusal("invalid_values", { entityType: "technology", problems }))).toEqual({
    fields: { years: "must be a number from 0 to 60" },
    row: null,
  });
  expect(refusedFields(refusal("no_change", { name: "Python", fields: ["years"] }))?.fields).toEqual({
    years: "has this value already",
  });
  expect(refusedFields(refusal("row_not_found", missing))).toEqual({ fields: {}, row: "In words" });
});

test("a refusal about anything else than fields is shown in a toast", () => {
  expect(refusedFields(refusal("forbidden", {}))).toBeNull();
  expect(refusedFields(refusal("invalid_values", { entityType: "technology", problems: "none" }))).toBeNull();
});

/** The rules of a schema in words: for whoever sent a value, and for whoever has to repair a stored one. */
import type * as z from "zod/mini";

type Issue = z.core.$ZodIssue;

const list = (values: readonly unknown[]): string => values.map((value) => `\`${String(value)}\``).join(", ");

const sizeRule = (issue: { origin: string; minimum?: unknown; maximum?: unknown }): string => {
  const [word, bound] = issue.minimum === undefined ? ["at most", issue.maximum] : ["at least", issue.minimum];
  const unit = issue.origin === "string" ? " characters" : issue.origin === "array" ? " items" : "";
  return `must ${unit === "" ? "be" : "have"} ${word} ${String(bound)}${unit}`;
};

/** The rule that a value breaks. Parse with `reportInput`, or what is not of a type is taken for missing. */
export const ruleOf = (issue: Issue): string => {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is required" : `must be ${typeNames[issue.expected] ?? issue.expected}`;
    case "invalid_value":
      if (issue.input === undefined) return "is required";
      return `must be ${issue.values.length === 1 ? "" : "one of "}${list(issue.values)}`;
    case "unrecognized_keys":
      return `has unknown fields: ${list(issue.keys)}`;
    case "too_small":
    case "too_big":
      return sizeRule(issue);
    case "invalid_format":
      return issue.format === "datetime"
        ? "must be a time such as 2026-11-28T09:30:00Z"
        : "is not written as it has to be";
    case "invalid_union":
      return "must be a text, a number, true, false, null or a list of texts";
    case "not_multiple_of":
    case "invalid_key":
    case "invalid_element":
      return "does not fit";
    case "custom":
      return issue.message === "Invalid input" ? "does not fit" : issue.message;
  }
};

const typeNames: Record<string, string> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

/** Where a value is not of its schema, and why: "values.courses.0: must be a text". */
export const causeOf = ({ issues: [issue], message }: z.core.$ZodError): string =>
  issue ? [...(issue.path.length > 0 ? [issue.path.map(String).join(".")] : []), ruleOf(issue)].join(": ") : message;

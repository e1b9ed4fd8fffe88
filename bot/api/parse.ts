/** Checks a request against its operation's schemas: every field that is wrong, with the rule that it breaks. */
import type * as z from "zod/mini";

export interface FieldError {
  /** A JSON pointer into the body (`/payload/name`), or `query.limit`, `path.number`. */
  field: string;
  rule: string;
}

type Issue = z.core.$ZodIssue;

const list = (values: readonly unknown[]): string => values.map((value) => `\`${String(value)}\``).join(", ");

const sizeRule = (issue: { origin: string; minimum?: unknown; maximum?: unknown }): string => {
  const [word, bound] = issue.minimum === undefined ? ["at most", issue.maximum] : ["at least", issue.minimum];
  const unit = issue.origin === "string" ? " characters" : issue.origin === "array" ? " items" : "";
  return `must ${unit === "" ? "be" : "have"} ${word} ${String(bound)}${unit}`;
};

const ruleOf = (issue: Issue): string => {
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
    case "custom":
      return "does not fit";
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

const escapePointer = (part: PropertyKey): string => String(part).replaceAll("~", "~0").replaceAll("/", "~1");

const fieldOf = (part: "body" | "query" | "path", path: readonly PropertyKey[]): string => {
  if (part === "body") return path.map((each) => `/${escapePointer(each)}`).join("") || "/";
  return [part, ...path.map(String)].join(".");
};

export const check = <S extends z.ZodMiniType>(
  schema: S,
  value: unknown,
  part: "body" | "query" | "path",
): { ok: true; value: z.output<S> } | { ok: false; errors: FieldError[] } => {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return { ok: true, value: parsed.data };
  return {
    ok: false,
    errors: parsed.error.issues.map((issue) => ({ field: fieldOf(part, issue.path), rule: ruleOf(issue) })),
  };
};

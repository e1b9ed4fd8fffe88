/** Checks a request against its operation's schemas: every field that is wrong, with the rule that it breaks. */
import type * as z from "zod/mini";
import { ruleOf } from "../../shared/schema-rules.ts";

export interface FieldError {
  /** A JSON pointer into the body (`/payload/name`), or `query.limit`, `path.number`. */
  field: string;
  rule: string;
}

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

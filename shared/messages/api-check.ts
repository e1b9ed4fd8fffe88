/** What a check of the API says, for people, as far as this version understands it. */
import * as z from "zod/mini";
import type { ApiCheck } from "../contract/operations/commits.ts";
import { fieldValue } from "../domain/portfolio/entity.ts";
import { type CheckFacts, checkMessage } from "./en/checks.ts";
import type { Message } from "./message.ts";

// Taken apart, the module would be bundled whole.
const orElse = z.catch;

/** Undefined where a newer server says it in another way. */
const otherwise = <Schema extends z.ZodMiniType>(schema: Schema) => orElse(z.optional(schema), undefined);
const text = otherwise(z.nullable(z.string()));
const texts = otherwise(z.array(z.string()));

const conflict = z.object({
  name: z.string(),
  kind: z.string(),
  action: z.string(),
  fields: z.array(z.object({ field: z.string(), base: fieldValue, live: fieldValue, yours: fieldValue })),
});

/** All that a check may say besides what every check has. */
type About = Exclude<keyof CheckFacts, "name" | "state" | "who" | "role" | "command">;

const about = z.object({
  changes: otherwise(z.number()),
  closed: text,
  review: otherwise(z.string()),
  given: texts,
  needed: otherwise(z.number()),
  voided: otherwise(z.array(z.object({ userId: z.string(), because: z.string() }))),
  readerRole: otherwise(z.string()),
  target: text,
  since: text,
  error: text,
  problem: text,
  downSince: text,
  conflicts: otherwise(z.array(conflict)),
  count: otherwise(z.number()),
  applied: texts,
  isOnItsWay: otherwise(z.boolean()),
  refusedSize: otherwise(z.boolean()),
  oversized: otherwise(z.array(z.object({ target: z.string(), bytes: z.number() }))),
  by: otherwise(
    z.array(
      z.object({
        target: z.string(),
        commitNumber: z.number(),
        entityType: z.string(),
        entityId: z.string(),
        fields: z.array(z.string()),
      }),
    ),
  ),
} satisfies Record<About, z.ZodMiniType>);

export const apiCheckMessage = ({ about: facts, ...check }: ApiCheck): Message =>
  checkMessage({ ...about.parse(facts), ...check });

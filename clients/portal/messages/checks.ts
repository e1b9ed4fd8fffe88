/** What the server says of a check, as far as this version understands it. */
import * as z from "zod/mini";
import { fieldValue } from "../../../shared/domain/portfolio/entity.ts";
import { type CheckFacts, checkMessage } from "../../../shared/messages/en/checks.ts";
import type { Message } from "../../../shared/messages/message.ts";
import type { Check } from "../data/queries.ts";

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

const about = z.object({
  changes: otherwise(z.number()),
  closed: text,
  review: otherwise(z.string()),
  given: texts,
  needed: otherwise(z.number()),
  readerRole: otherwise(z.string()),
  target: text,
  since: text,
  error: text,
  problem: text,
  downSince: text,
  conflicts: otherwise(z.array(conflict)),
  count: otherwise(z.number()),
  applied: texts,
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
}) satisfies z.ZodMiniType<Partial<CheckFacts>>;

export const checkText = ({ about: facts, ...check }: Check): Message =>
  checkMessage({ ...about.parse(facts), ...check });

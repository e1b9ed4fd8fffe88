/** What the server says of a check, as far as this version understands it. */
import * as z from "zod/mini";
import { type CheckFacts, checkMessage } from "../../../shared/messages/en/checks.ts";
import type { Message } from "../../../shared/messages/message.ts";
import type { Check } from "../data/queries.ts";

// Taken apart, the module would be bundled whole.
const orElse = z.catch;

/** Undefined where a newer server says it in another way. */
const otherwise = <Schema extends z.ZodMiniType>(schema: Schema) => orElse(z.optional(schema), undefined);
const text = otherwise(z.nullable(z.string()));
const texts = otherwise(z.array(z.string()));

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
  drifts: otherwise(z.array(z.object({ name: z.string(), kind: z.string(), fields: z.array(z.string()) }))),
  applied: texts,
}) satisfies z.ZodMiniType<Partial<CheckFacts>>;

export const checkText = ({ about: facts, ...check }: Check): Message =>
  checkMessage({ ...about.parse(facts), ...check });

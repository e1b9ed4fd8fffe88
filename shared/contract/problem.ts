import * as z from "zod/mini";

/** RFC 9457 problem details. `code` is the reason as one word; what else it says stands beside it. */
export const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  /** What was wrong, which rule, what to do. */
  detail: z.string(),
  code: z.string(),
  /** By which whoever runs CV Ops finds the request. */
  traceId: z.string(),
  /** For a request that does not fit: every field that is wrong. */
  errors: z.optional(z.array(z.object({ field: z.string(), rule: z.string() }))),
});
export type Problem = z.infer<typeof problem>;

export const problemMediaType = "application/problem+json";

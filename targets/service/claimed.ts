import * as z from "zod/mini";

export const claimed = z.object({
  id: z.int(),
  webhook_id: z.string(),
  type: z.string(),
  body: z.string(),
  attempts: z.int(),
  callback_url: z.nullable(z.string()),
  traceparent: z.nullable(z.string()),
});
/** A callback that this invocation has leased, and sends. */
export type Claimed = z.infer<typeof claimed>;

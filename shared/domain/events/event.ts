import * as z from "zod/mini";
import { time } from "../time.ts";
import { actorKinds } from "../workspace/actor.ts";
import { eventTypes } from "./event-types.ts";

/** An event as it is recorded, with the numbers and names by which people know what it is about. */
export const loggedEventSchema = z.object({
  /** Increases with time. */
  id: z.int(),
  type: z.enum(eventTypes),
  at: time,
  /** A person's id is that of their Slack user. */
  actor: z.object({ kind: z.enum(actorKinds), id: z.string() }),
  commitId: z.nullable(z.string()),
  pushId: z.nullable(z.string()),
  jobId: z.nullable(z.string()),
  attempt: z.nullable(z.int()),
  /** What else there is to say, by type. */
  data: z.record(z.string(), z.unknown()),
  traceId: z.string(),
  commitNumber: z.nullable(z.int()),
  pushNumber: z.nullable(z.int()),
  changeNumber: z.nullable(z.int()),
  deadLetterNumber: z.nullable(z.int()),
  /** Of its job. */
  target: z.nullable(z.string()),
  /** Of the API token with which its actor came. */
  tokenName: z.nullable(z.string()),
});
export type LoggedEvent = z.infer<typeof loggedEventSchema>;

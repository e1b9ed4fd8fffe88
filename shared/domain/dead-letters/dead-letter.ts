import { jsonObjectIn } from "../../json.ts";
import * as z from "zod/mini";
import { stateNames } from "../states.ts";
import { time } from "../time.ts";

/** A message that could not be delivered or handled, kept for people to look at. */
export const deadLetterSchema = z.object({
  id: z.string(),
  number: z.int(),
  state: z.enum(stateNames("dead_letter")),
  /** `cv-push`, `cv-index`, `slack` for what a person did there, or whatever the message came from. */
  queue: z.string(),
  /** As JSON, where it could be written so. */
  body: z.string(),
  cause: z.string(),
  /** Deliveries in all. */
  attempts: z.int(),
  /** How often people have sent it again. */
  retries: z.int(),
  jobId: z.nullable(z.string()),
  traceId: z.nullable(z.string()),
  /** The first and the last time that it was given up. */
  receivedAt: time,
  failedAt: time,
  decidedBy: z.nullable(z.string()),
  decidedAt: z.nullable(time),
  reason: z.nullable(z.string()),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

/** The queues to which the outbox sends. */
export const messageQueues = ["cv-push", "cv-index", "cv-deliveries"] as const;
export type MessageQueue = (typeof messageQueues)[number];

const deadLetterKey = z.object({ workspaceId: z.string(), id: z.string() });
export type DeadLetterKey = z.infer<typeof deadLetterKey>;

/** A message that was sent again says from which dead letter, so that it comes back to that one. */
const tagged = z.looseObject({ deadLetter: deadLetterKey });

export const deadLetterOf = (body: unknown): DeadLetterKey | null => {
  const parsed = tagged.safeParse(body);
  return parsed.success ? parsed.data.deadLetter : null;
};

/** The message to send again; null for one that is not ours, which nothing could handle. */
export const retryBodyOf = (
  deadLetter: Pick<DeadLetter, "id" | "queue" | "body">,
  workspaceId: string,
): object | null => {
  if (!messageQueues.some((queue) => queue === deadLetter.queue)) return null;
  const parsed = jsonObjectIn(deadLetter.body);
  return parsed === null ? null : { ...parsed, deadLetter: { workspaceId, id: deadLetter.id } };
};

/** What a message says about itself, as far as it does. */
export interface Address {
  workspaceId?: string;
  portfolioId?: string;
  jobId?: string;
  traceId?: string;
}

const anyObject = z.record(z.string(), z.unknown());
const addressFields = ["workspaceId", "portfolioId", "jobId", "traceId"] as const;

export const addressOf = (body: unknown): Address => {
  const parsed = anyObject.safeParse(body);
  if (!parsed.success) return {};
  return Object.fromEntries(
    addressFields.flatMap((field) => {
      const value = parsed.data[field];
      return typeof value === "string" ? [[field, value]] : [];
    }),
  );
};

import * as z from "zod/mini";
import { applyResult } from "../../targets/protocol.ts";
import { stateNames, stoppedJobStates } from "../states.ts";
import { time } from "../time.ts";

export const pushSchema = z.object({
  id: z.string(),
  number: z.int(),
  commitId: z.string(),
  /** `all` or a target's name. */
  scope: z.string(),
  state: z.enum(stateNames("push")),
  requestedBy: z.string(),
  channelId: z.string(),
  traceId: z.string(),
  createdAt: time,
  finishedAt: z.nullable(time),
});
export type Push = z.infer<typeof pushSchema>;

export const jobSchema = z.object({
  workspaceId: z.string(),
  id: z.string(),
  pushId: z.string(),
  commitId: z.string(),
  target: z.string(),
  position: z.int(),
  state: z.enum(stateNames("job")),
  attempt: z.int(),
  stage: z.nullable(z.string()),
  percent: z.number(),
  /** How many rows it asks to insert, update and delete. */
  asked: z.object({ inserted: z.int(), updated: z.int(), deleted: z.int() }),
  result: z.nullable(applyResult),
  errorCode: z.nullable(z.string()),
  errorMessage: z.nullable(z.string()),
  /** When this attempt was sent, accepted, applied, found by search, and when the target compared its stores. */
  dispatchedAt: z.nullable(time),
  acceptedAt: z.nullable(time),
  deadlineAt: z.nullable(time),
  completedAt: z.nullable(time),
  searchableAt: z.nullable(time),
  verifiedAt: z.nullable(time),
  synced: z.nullable(z.boolean()),
  /** Of the push. */
  traceId: z.nullable(z.string()),
  /** Requests of this attempt that have left. 0: the target cannot have it. */
  tries: z.int(),
  /** Since when it waits for a target that does not answer; null when it does not wait. */
  waitingSince: z.nullable(time),
  /** Of its target, while pushes wait for it. */
  outage: z.nullable(z.object({ since: time, error: z.string() })),
  /** What it was taken for before its target said that it is applied; null when that came in time. */
  completedAfter: z.nullable(z.enum(stoppedJobStates)),
  createdAt: time,
  updatedAt: time,
});
export type Job = z.infer<typeof jobSchema>;

/** Waits for the target before it. */
export const isWaiting = (job: Pick<Job, "state" | "dispatchedAt">): boolean =>
  job.state === "pending" && job.dispatchedAt === null;

/** Waits for its target to answer again. */
export const isBlocked = (job: Pick<Job, "state" | "waitingSince">): boolean =>
  job.state === "pending" && job.waitingSince !== null;

/** No request of it has ever left: it can be taken back without asking anybody. */
export const isUnsent = (job: Pick<Job, "state" | "dispatchedAt" | "tries">): boolean =>
  job.state === "pending" && job.tries === 0;

/** Verified live: every target has compared what it holds with what was asked. */
export const isVerified = (jobs: readonly Pick<Job, "verifiedAt">[]): boolean =>
  jobs.length > 0 && jobs.every(({ verifiedAt }) => verifiedAt !== null);

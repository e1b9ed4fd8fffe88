import type { ApplyResult, Operations } from "../../targets/protocol.ts";
import type { JobState, PushState } from "../states.ts";

export interface Push {
  id: string;
  number: number;
  commitId: string;
  /** "all" or a target's name. */
  scope: string;
  state: PushState;
  requestedBy: string;
  channelId: string;
  traceId: string;
  createdAt: string;
  finishedAt: string | null;
}

export interface Job {
  workspaceId: string;
  id: string;
  pushId: string;
  commitId: string;
  target: string;
  position: number;
  state: JobState;
  attempt: number;
  stage: string | null;
  percent: number;
  operations: Operations;
  result: ApplyResult | null;
  errorCode: string | null;
  errorMessage: string | null;
  dispatchedAt: string | null;
  acceptedAt: string | null;
  deadlineAt: string | null;
  completedAt: string | null;
  searchableAt: string | null;
  verifiedAt: string | null;
  synced: boolean | null;
  /** Of the push. */
  traceId: string | null;
  /** Requests of this attempt that have left. 0: the target cannot have it. */
  tries: number;
  /** Since when it waits for a target that does not answer; null when it does not wait. */
  waitingSince: string | null;
  /** Of its target, while pushes wait for it. */
  outage: { since: string; error: string } | null;
  /** What it was taken for before its target said that it is applied; null when that came in time. */
  completedAfter: "timeout" | "failed" | null;
  createdAt: string;
  updatedAt: string;
}

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

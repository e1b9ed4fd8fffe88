import * as z from "zod/mini";
import { type Job, isWaiting } from "../pushes/push.ts";
import { driftSchema } from "./drift.ts";
import { isClosedCommit, isOpenJob, isStartedTarget, stateNames } from "../states.ts";
import { time } from "../time.ts";

export const commitSchema = z.object({
  id: z.string(),
  number: z.int(),
  /** Its author's words. */
  message: z.string(),
  /** What it does, in a line that is derived from the content of `hash`; null before there were any. */
  summary: z.nullable(z.string()),
  /** Of its content: what a review is about. */
  hash: z.string(),
  review: z.enum(stateNames("review")),
  /** Projection of its targets: `pending`, `applied_<target>`, `applied_all`, `failed`. */
  status: z.string(),
  createdBy: z.string(),
  /** Whose input is in its content, its author first: they do not approve it in team mode. */
  contributors: z.array(z.string()),
  createdAt: time,
  appliedBy: z.nullable(z.string()),
  errorTarget: z.nullable(z.string()),
  errorMessage: z.nullable(z.string()),
  /** Targets at which conflicts are recorded. */
  drifted: z.array(z.string()),
});
export type Commit = z.infer<typeof commitSchema>;

export const commitTargetSchema = z.object({
  commitId: z.string(),
  target: z.string(),
  state: z.enum(stateNames("commit_target")),
  error: z.nullable(z.string()),
  appliedAt: z.nullable(time),
  /** Its conflicts there as they were found last; null: none are recorded. */
  drift: z.nullable(driftSchema),
});
export type CommitTarget = z.infer<typeof commitTargetSchema>;

export const approvalSchema = z.object({
  commitId: z.string(),
  commitHash: z.string(),
  /** withdrawn: approved, and taken back by whoever did. */
  decision: z.enum(["approved", "rejected", "withdrawn"]),
  reason: z.nullable(z.string()),
  decidedBy: z.string(),
  decidedAt: time,
});
export type Approval = z.infer<typeof approvalSchema>;

/** How a commit stands that this target has, and not every one of its targets. */
export const appliedStatus = ({ name, alias }: { name: string; alias: string | null }): string =>
  `applied_${alias ?? name}`;

/** Of a commit that every one of its targets has. */
export const appliedEverywhere = "applied_all";

/** It may still be reviewed or pushed: neither closed nor applied everywhere. */
export const isOpenCommit = (commit: Pick<Commit, "review" | "status">): boolean =>
  !isClosedCommit(commit) && commit.status !== appliedEverywhere;

/** A push of it has begun: a target has it, or may get it any moment. */
export const hasBegun = (of: {
  targets: readonly Pick<CommitTarget, "state">[];
  jobs: readonly Pick<Job, "state" | "dispatchedAt">[];
}): boolean => hasStarted(of.targets) || of.jobs.some((job) => isOpenJob(job) && !isWaiting(job));

export const hasApplied = (targets: readonly Pick<CommitTarget, "state">[]): boolean =>
  targets.some(({ state }) => state === "applied");

export const hasStarted = (targets: readonly Pick<CommitTarget, "state">[]): boolean => targets.some(isStartedTarget);

/** Characters of what a reviewer says of a rejected commit. */
export const maxReviewReason = 1000;

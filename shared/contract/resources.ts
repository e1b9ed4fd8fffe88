/** What the API shows of changes, commits, pushes and jobs: schemas, and how each comes from what storage holds. */
import * as z from "zod/mini";
import { type Action, type Change, actions, cachedRow } from "../domain/staging/change.ts";
import { type Approval, type Commit, type CommitTarget, validApprovals } from "../domain/commits/commit.ts";
import { entityTypes } from "../domain/portfolio/registry.ts";
import { diffOf } from "../domain/staging/diff.ts";
import { netEffect } from "../domain/staging/net-effect.ts";
import { percentOf } from "../domain/workspace/action-items.ts";
import type { Job, Push } from "../domain/pushes/push.ts";
import { stateNames, isOpenJob } from "../domain/states.ts";
import { nameOf } from "../domain/staging/summary.ts";
import { applyResult } from "../targets/protocol.ts";
import { fieldValue, fieldValues, number, time, userId } from "./schemas.ts";

const fieldDiff = z.object({ field: z.string(), before: fieldValue, after: fieldValue });

export const change = z.object({
  number,
  state: z.enum(stateNames("change")),
  action: z.enum(actions),
  entityType: z.enum(entityTypes),
  entityId: z.string(),
  /** What people call the row. */
  name: z.string(),
  summary: z.string(),
  targets: z.array(z.string()),
  /** The values asked for; empty for a DELETE. */
  payload: fieldValues,
  /** What it does to each field of the row as it was when it was staged. */
  diff: z.array(fieldDiff),
  /** Of the message from which it was staged. */
  permalink: z.nullable(z.string()),
  author: userId,
  createdAt: time,
});
export type ApiChange = z.infer<typeof change>;

export const apiChange = (of: Change): ApiChange => ({
  number: of.number,
  state: of.state,
  action: of.action,
  entityType: of.entityType,
  entityId: of.entityId,
  name: nameOf(of),
  summary: of.summary,
  targets: of.targets,
  payload: of.payload,
  diff: diffOf({
    entityType: of.entityType,
    entityId: of.entityId,
    action: of.action,
    values: of.payload,
    base: baseOf(of),
  }),
  permalink: of.permalink,
  author: of.createdBy,
  createdAt: of.createdAt,
});

const baseOf = ({ base }: Change): Change["base"][string] => {
  const known = cachedRow(base);
  return known ? { seen: "row", ...known } : { seen: "absent" };
};

export const commit = z.object({
  number,
  message: z.string(),
  /** Of its content: what a review is about. */
  hash: z.string(),
  review: z.enum(stateNames("review")),
  /** `pending`, `applied_d1cv`, `applied_ai`, `applied_all`, `failed` … */
  status: z.string(),
  error: z.nullable(z.object({ target: z.nullable(z.string()), message: z.string() })),
  author: userId,
  createdAt: time,
  appliedBy: z.nullable(userId),
});
export type ApiCommit = z.infer<typeof commit>;

export const apiCommit = (of: Commit): ApiCommit => ({
  number: of.number,
  message: of.message,
  hash: of.hash,
  review: of.review,
  status: of.status,
  error: of.errorMessage === null ? null : { target: of.errorTarget, message: of.errorMessage },
  author: of.createdBy,
  createdAt: of.createdAt,
  appliedBy: of.appliedBy,
});

const jobError = z.object({ code: z.nullable(z.string()), message: z.string() });

export const job = z.object({
  id: z.string(),
  /** Of its push and its commit. */
  push: number,
  commit: number,
  target: z.string(),
  state: z.enum(stateNames("job")),
  attempt: z.int(),
  stage: z.nullable(z.string()),
  percent: z.number(),
  result: z.nullable(applyResult),
  error: z.nullable(jobError),
  /** When this attempt was sent, accepted, applied; when it could be found by search, and was compared with the target's stores. */
  dispatchedAt: z.nullable(time),
  acceptedAt: z.nullable(time),
  completedAt: z.nullable(time),
  searchableAt: z.nullable(time),
  verifiedAt: z.nullable(time),
  /** Since when it waits for a target that does not answer. */
  waitingSince: z.nullable(time),
  createdAt: time,
  updatedAt: time,
});
export type ApiJob = z.infer<typeof job>;

export const apiJob = (of: Job, numbers: { push: number; commit: number }): ApiJob => ({
  id: of.id,
  ...numbers,
  target: of.target,
  state: of.state,
  attempt: of.attempt,
  stage: of.stage,
  percent: of.percent,
  result: of.result,
  error: of.errorMessage === null ? null : { code: of.errorCode, message: of.errorMessage },
  dispatchedAt: of.dispatchedAt,
  acceptedAt: of.acceptedAt,
  completedAt: of.completedAt,
  searchableAt: of.searchableAt,
  verifiedAt: of.verifiedAt,
  waitingSince: of.waitingSince,
  createdAt: of.createdAt,
  updatedAt: of.updatedAt,
});

export const push = z.object({
  number,
  commit: number,
  /** `all` or a target's name. */
  scope: z.string(),
  state: z.enum(stateNames("push")),
  /** Of all its jobs, 0 to 100. */
  percent: z.number(),
  /** In the order of application. */
  jobs: z.array(job),
  requestedBy: userId,
  createdAt: time,
  finishedAt: z.nullable(time),
  traceId: z.string(),
});
export type ApiPush = z.infer<typeof push>;

export const apiPush = (of: Push, jobs: readonly Job[], commitNumber: number): ApiPush => ({
  number: of.number,
  commit: commitNumber,
  scope: of.scope,
  state: of.state,
  percent: percentOf(jobs),
  jobs: jobs.map((each) => apiJob(each, { push: of.number, commit: commitNumber })),
  requestedBy: of.requestedBy,
  createdAt: of.createdAt,
  finishedAt: of.finishedAt,
  traceId: of.traceId,
});

const approval = z.object({
  decision: z.enum(["approved", "rejected"]),
  reason: z.nullable(z.string()),
  by: userId,
  at: time,
  /** Whether it is about the content as it is now. */
  counts: z.boolean(),
});

const operation = z.object({
  action: z.enum(actions),
  entityType: z.enum(entityTypes),
  entityId: z.string(),
  diff: z.array(fieldDiff),
});

export const commitDetail = z.extend(commit, {
  changes: z.array(change),
  targets: z.array(
    z.object({
      target: z.string(),
      state: z.enum(stateNames("commit_target")),
      error: z.nullable(z.string()),
      appliedAt: z.nullable(time),
      /** What a push does to this target: its changes to a row taken together. */
      operations: z.array(operation),
    }),
  ),
  approvals: z.array(approval),
  /** Its pushes, newest first. */
  pushes: z.array(push),
});
export type ApiCommitDetail = z.infer<typeof commitDetail>;

export const apiCommitDetail = (of: {
  commit: Commit;
  changes: Change[];
  targets: CommitTarget[];
  approvals: Approval[];
  jobs: Job[];
  pushes: Push[];
}): ApiCommitDetail => {
  const valid = validApprovals(of.commit, of.approvals);
  return {
    ...apiCommit(of.commit),
    changes: of.changes.map(apiChange),
    targets: of.targets.map(({ target, state, error, appliedAt }) => ({
      target,
      state,
      error,
      appliedAt,
      operations: netEffect(of.changes, target).map((each) => ({
        action: each.action satisfies Action,
        entityType: each.entityType,
        entityId: each.entityId,
        diff: diffOf(each),
      })),
    })),
    approvals: of.approvals.map((each) => ({
      decision: each.decision,
      reason: each.reason,
      by: each.decidedBy,
      at: each.decidedAt,
      counts: each.decision === "rejected" ? each.commitHash === of.commit.hash : valid.includes(each),
    })),
    pushes: of.pushes.map((each) =>
      apiPush(
        each,
        of.jobs.filter(({ pushId }) => pushId === each.id),
        of.commit.number,
      ),
    ),
  };
};

export const jobStatus = z.object({
  jobId: z.string(),
  state: z.enum(stateNames("job")),
  stage: z.nullable(z.string()),
  percent: z.number(),
  /** Nothing more is awaited: applied, failed or cancelled. */
  done: z.boolean(),
  searchable: z.boolean(),
  verified: z.boolean(),
  error: z.nullable(jobError),
  /** Up to which event this is true: what comes after it stands in `/jobs/{jobId}/events?lastEventId=`. */
  lastEventId: z.int(),
});

export const apiJobStatus = (of: Job, lastEventId: number): z.infer<typeof jobStatus> => ({
  jobId: of.id,
  state: of.state,
  stage: of.stage,
  percent: of.state === "completed" ? 100 : of.percent,
  done: !isOpenJob(of),
  searchable: of.searchableAt !== null,
  verified: of.verifiedAt !== null,
  error: of.errorMessage === null ? null : { code: of.errorCode, message: of.errorMessage },
  lastEventId,
});

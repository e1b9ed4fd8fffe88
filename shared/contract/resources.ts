/** What the API shows of changes, commits, pushes and jobs: schemas, and how each comes from what storage holds. */
import * as z from "zod/mini";
import { type Change, changeSchema } from "../domain/staging/change.ts";
import {
  type Approval,
  type Commit,
  type CommitTarget,
  approvalSchema,
  commitSchema,
  commitTargetSchema,
} from "../domain/commits/commit.ts";
import { type Overlap, overlapRowSchema } from "../domain/commits/overlaps.ts";
import { type Judgement, shownApprovals, voidReasons } from "../domain/commits/judgement.ts";
import { fieldValue } from "../domain/portfolio/entity.ts";
import { type Job, type Push, jobSchema, pushSchema } from "../domain/pushes/push.ts";
import { type NetOperation, cancelledRows, netOperations, rowCount } from "../domain/staging/net-operations.ts";
import { nameOf, operationsOfChange, summaryOfOperations } from "../domain/staging/summary.ts";
import { isOpenJob } from "../domain/states.ts";
import { time } from "../domain/time.ts";
import { percentOf } from "../domain/workspace/action-items.ts";
import { number, userId } from "./schemas.ts";
import { shown } from "./shown.ts";

const fieldDiff = z.object({ field: z.string(), before: fieldValue, after: fieldValue });

const ofOperation = shown(changeSchema, "action", "entityType", "entityId");

export const operation = z.object({
  ...ofOperation.shape,
  /** What people call the row. */
  name: z.string(),
  /** Those that get exactly this. */
  targets: z.array(z.string()),
  /** How a target has shown the row; where it was not asked, what is before is unknown. */
  base: z.enum(["row", "absent", "unknown"]),
  diff: z.array(fieldDiff),
});
export type ApiOperation = z.infer<typeof operation>;

const apiOperation = ({ name, targets, base, diff, ...of }: NetOperation): ApiOperation => ({
  ...ofOperation.of(of),
  name,
  targets,
  base,
  diff,
});

/** What another open commit, or somebody else's staged change, has in common with this one. */
export const overlap = z.object({
  /** Null where it is a staged change. */
  commit: z.nullable(number),
  /** Of the staged change; null where it is a commit. */
  change: z.nullable(number),
  author: userId,
  /** The first ten. */
  rows: z.array(overlapRowSchema),
  rowCount: z.int(),
});
export type ApiOverlap = z.infer<typeof overlap>;

/** Of one commit or change. */
const maxOverlaps = 20;

/** Of what is listed or shown alone; in `meta` of what was just made. */
export const overlapping = {
  /** The first 20 open commits and other people's staged changes that touch the same rows at the same targets. */
  overlaps: z.array(overlap),
  overlapCount: z.int(),
};

export const apiOverlaps = (all: readonly Overlap[]) => ({
  overlaps: all.slice(0, maxOverlaps),
  overlapCount: all.length,
});

const ofChange = shown(
  changeSchema,
  "state",
  "action",
  "entityType",
  "entityId",
  "note",
  "targets",
  "payload",
  "permalink",
  "createdAt",
);

export const change = z.object({
  number,
  ...ofChange.shape,
  /** What people call the row. */
  name: z.string(),
  /** What it does, in a line: derived, while `note` is what its author wrote. */
  summary: z.string(),
  /** What it does to the row as it was when it was staged, for each target or for those that get the same. */
  operations: z.array(operation),
  author: userId,
  /** Whose input is in it, its author included. */
  contributors: z.array(userId),
});
export type ApiChange = z.infer<typeof change>;

export const stagedChange = z.extend(change, overlapping);
export type ApiStagedChange = z.infer<typeof stagedChange>;

/** @param staged everybody's, where it stands on top of what its author has staged */
export const apiChange = (of: Change, staged: readonly Change[] = []): ApiChange => {
  const operations = operationsOfChange(of, staged);
  return {
    number: of.number,
    ...ofChange.of(of),
    name: nameOf(of, operations),
    summary: summaryOfOperations(of, operations),
    operations: operations.map(apiOperation),
    author: of.createdBy,
    contributors: of.contributors,
  };
};

const ofCommit = shown(
  commitSchema,
  "message",
  "summary",
  "hash",
  "review",
  "status",
  "createdAt",
  "appliedBy",
  "drifted",
);

export const commit = z.object({
  number,
  ...ofCommit.shape,
  error: z.nullable(z.object({ target: z.nullable(z.string()), message: z.string() })),
  author: userId,
  /** Whose input is in its content, its author first: they do not approve it in team mode. */
  contributors: z.array(userId),
});
export type ApiCommit = z.infer<typeof commit>;

export const listedCommit = z.extend(commit, overlapping);
export type ApiListedCommit = z.infer<typeof listedCommit>;

export const apiCommit = (of: Commit): ApiCommit => ({
  number: of.number,
  ...ofCommit.of(of),
  error: of.errorMessage === null ? null : { target: of.errorTarget, message: of.errorMessage },
  author: of.createdBy,
  contributors: of.contributors,
});

const jobError = z.nullable(z.object({ code: z.nullable(z.string()), message: z.string() }));
const errorOf = ({ errorCode, errorMessage }: Job): z.infer<typeof jobError> =>
  errorMessage === null ? null : { code: errorCode, message: errorMessage };

const ofJob = shown(
  jobSchema,
  "id",
  "target",
  "state",
  "attempt",
  "stage",
  "percent",
  "result",
  "dispatchedAt",
  "acceptedAt",
  "completedAt",
  "searchableAt",
  "verifiedAt",
  "waitingSince",
  "createdAt",
  "updatedAt",
);

export const job = z.object({
  ...ofJob.shape,
  /** Of its push and its commit. */
  push: number,
  commit: number,
  error: jobError,
});
export type ApiJob = z.infer<typeof job>;

export const apiJob = (of: Job, numbers: { push: number; commit: number }): ApiJob => ({
  ...ofJob.of(of),
  ...numbers,
  error: errorOf(of),
});

const ofPush = shown(pushSchema, "scope", "state", "requestedBy", "createdAt", "finishedAt", "traceId");

export const push = z.object({
  number,
  commit: number,
  ...ofPush.shape,
  /** Of all its jobs, 0 to 100. */
  percent: z.number(),
  /** In the order of application. */
  jobs: z.array(job),
});
export type ApiPush = z.infer<typeof push>;

export const apiPush = (of: Push, jobs: readonly Job[], commitNumber: number): ApiPush => ({
  number: of.number,
  commit: commitNumber,
  ...ofPush.of(of),
  percent: percentOf(jobs),
  jobs: jobs.map((each) => apiJob(each, { push: of.number, commit: commitNumber })),
});

const ofApproval = shown(approvalSchema, "decision", "reason");
const approval = z.object({
  ...ofApproval.shape,
  by: userId,
  at: time,
  /** Whether it counts now: for this content, by somebody who may approve it today. */
  counts: z.boolean(),
  /** Why an approval does not count; null where it does. */
  void: z.nullable(z.enum(voidReasons)),
});

const ofTarget = shown(commitTargetSchema, "target", "state", "error", "appliedAt");
const ofPart = shown(changeSchema, "action", "entityType", "entityId", "targets", "note", "permalink", "createdAt");

/** Of the operations that a commit shows with itself. */
const firstOperations = 50;

const paged = {
  operations: z.array(operation),
  /** Of all operations, and of the rows that they change. */
  operationCount: z.int(),
  rowCount: z.int(),
  /** Give it as `after` for the next page. */
  next: z.nullable(z.int()),
};

/** What a push does: the net effect of the changes, from which the hash is made. */
export const operationPage = z.object({
  commit: number,
  /** Of the content that this is a page of. */
  hash: z.string(),
  ...paged,
});
export type ApiOperationPage = z.infer<typeof operationPage>;

interface Content {
  commit: Commit;
  changes: readonly Change[];
  targets: readonly CommitTarget[];
}

const pageOf = ({ changes, targets }: Content, after: number, limit: number) => {
  const all = netOperations(
    changes,
    targets.map(({ target }) => target),
  );
  return {
    all,
    operations: all.slice(after, after + limit).map(apiOperation),
    operationCount: all.length,
    rowCount: rowCount(all),
    next: after + limit < all.length ? after + limit : null,
  };
};

export const apiOperationPage = (content: Content, after: number, limit: number): ApiOperationPage => {
  const { all: _all, ...page } = pageOf(content, after, limit);
  return { commit: content.commit.number, hash: content.commit.hash, ...page };
};

export const commitDetail = z.extend(commit, {
  /** What it is made of, and what their authors wrote: what it does stands in `operations`. */
  changes: z.array(z.object({ number, ...ofPart.shape, author: userId })),
  ...paged,
  ...overlapping,
  /** Rows that stay as they are, because the changes to them leave nothing. */
  cancelled: z.array(z.object({ entityType: z.string(), entityId: z.string(), numbers: z.array(number) })),
  targets: z.array(z.object(ofTarget.shape)),
  approvals: z.array(approval),
  /** How many more approvals it needs. */
  missing: z.int(),
  /** Its pushes, newest first. */
  pushes: z.array(push),
});
export type ApiCommitDetail = z.infer<typeof commitDetail>;

interface Decided {
  commit: Commit;
  approvals: readonly Approval[];
  judgement: Judgement;
}

const apiApprovals = (decided: Decided) => {
  const { counted, voided } = shownApprovals(decided);
  return decided.approvals.map((each) => ({
    ...ofApproval.of(each),
    by: each.decidedBy,
    at: each.decidedAt,
    counts: each.decision === "rejected" ? each.commitHash === decided.commit.hash : counted.includes(each),
    void: voided.find((one) => one.approval === each)?.because ?? null,
  }));
};

const apiPushes = ({ pushes, jobs, commit: of }: { pushes: Push[]; jobs: Job[]; commit: Commit }): ApiPush[] =>
  pushes.map((each) =>
    apiPush(
      each,
      jobs.filter(({ pushId }) => pushId === each.id),
      of.number,
    ),
  );

export const apiCommitDetail = (of: {
  commit: Commit;
  changes: Change[];
  targets: CommitTarget[];
  approvals: Approval[];
  judgement: Judgement;
  jobs: Job[];
  pushes: Push[];
  overlaps: Overlap[];
}): ApiCommitDetail => {
  const { all, ...first } = pageOf(of, 0, firstOperations);
  return {
    ...apiCommit(of.commit),
    changes: of.changes.map((each) => ({ number: each.number, ...ofPart.of(each), author: each.createdBy })),
    ...first,
    ...apiOverlaps(of.overlaps),
    cancelled: cancelledRows(of.changes, all),
    targets: of.targets.map((each) => ofTarget.of(each)),
    approvals: apiApprovals(of),
    missing: of.judgement.missing,
    pushes: apiPushes(of),
  };
};

/** Of the operations that a list shows. */
const listedOperations = 4;

/** What a list shows of a commit. */
export const commitCard = z.extend(listedCommit, {
  /** The first four; null where the commit is made of more than 20 changes: then `summary` says what it does. */
  operations: z.nullable(z.array(operation)),
  operationCount: z.nullable(z.int()),
  changeCount: z.int(),
  targets: z.array(z.object(ofTarget.shape)),
  approvals: z.array(approval),
  missing: z.int(),
  pushes: z.array(push),
});
export type ApiCommitCard = z.infer<typeof commitCard>;

interface Card extends Decided {
  changes: readonly Change[] | null;
  changeCount: number;
  targets: CommitTarget[];
  jobs: Job[];
  pushes: Push[];
  overlaps: Overlap[];
}

export const apiCommitCard = (of: Card): ApiCommitCard => {
  const first = of.changes && pageOf({ ...of, changes: of.changes }, 0, listedOperations);
  return {
    ...apiCommit(of.commit),
    ...apiOverlaps(of.overlaps),
    operations: first && first.operations,
    operationCount: first && first.operationCount,
    changeCount: of.changeCount,
    targets: of.targets.map((each) => ofTarget.of(each)),
    approvals: apiApprovals(of),
    missing: of.judgement.missing,
    pushes: apiPushes(of),
  };
};

const ofJobStatus = shown(jobSchema, "state", "stage", "percent");

export const jobStatus = z.object({
  jobId: z.string(),
  ...ofJobStatus.shape,
  /** Nothing more is awaited: applied, failed or cancelled. */
  done: z.boolean(),
  searchable: z.boolean(),
  verified: z.boolean(),
  error: jobError,
  /** Up to which event this is true: what comes after it stands in `/jobs/{jobId}/events?lastEventId=`. */
  lastEventId: z.int(),
});

export const apiJobStatus = (of: Job, lastEventId: number): z.infer<typeof jobStatus> => ({
  jobId: of.id,
  ...ofJobStatus.of(of),
  percent: of.state === "completed" ? 100 : of.percent,
  done: !isOpenJob(of),
  searchable: of.searchableAt !== null,
  verified: of.verifiedAt !== null,
  error: errorOf(of),
  lastEventId,
});

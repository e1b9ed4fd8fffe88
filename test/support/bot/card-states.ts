/** States of commits and pushes as cards get them, complete and plausible, from a few differences. */
import type { Change } from "../../../shared/domain/staging/change.ts";
import type { PushCardState } from "../../../bot/slack/pushes/card-state.ts";
import type { CommitCardState } from "../../../bot/slack/commits/card-state.ts";
import { statusOf } from "../shared/commit-status.ts";
import type { Approval, Commit, CommitTarget } from "../../../shared/domain/commits/commit.ts";
import type { Job, Push } from "../../../shared/domain/pushes/push.ts";
import { judge } from "../../../shared/domain/commits/judgement.ts";
import type { CommitTargetState, JobState } from "../../../shared/domain/states.ts";
import type { FiledDeadLetter } from "../../../shared/storage/dead-letters/dead-letters.ts";
import type { ChangeCardState } from "../../../bot/slack/staging/change-card.ts";

const at = "2031-03-03T09:00:00.000Z";
const later = (seconds: number): string => new Date(Date.parse(at) + seconds * 1000).toISOString();

export const commitOf = (overrides: Partial<Commit> = {}): Commit => ({
  id: "commit-1",
  number: 42,
  message: "Skill updates",
  summary: "Python: experience_years 5 → 8",
  hash: "e94211641ca0f9ea02c3d4358f81eff3bd36a1a2b3f698c65716fa339f9b399a",
  review: "in_review",
  status: "pending",
  createdBy: "U0AVERY01",
  contributors: ["U0AVERY01"],
  createdAt: at,
  appliedBy: null,
  errorTarget: null,
  errorMessage: null,
  drifted: [],
  ...overrides,
});

export const changeOf = (overrides: Partial<Change> = {}): Change => ({
  id: "change-1",
  number: 1,
  state: "committed",
  commitId: "commit-1",
  targets: ["d1cv", "ai-agent"],
  entityType: "technology",
  action: "UPDATE",
  entityId: "python-1",
  payload: { experience_years: 8 },
  base: {
    d1cv: { seen: "row", version: "1", values: { name: "Python", category: "Backend", experience_years: 5 } },
    "ai-agent": { seen: "row", version: "1", values: { name: "Python", category: "Backend", experience_years: 5 } },
  },
  note: null,
  permalink: null,
  sourceAuthor: null,
  createdBy: "U0AVERY01",
  contributors: ["U0AVERY01"],
  unseenEdit: null,
  createdAt: at,
  ...overrides,
});

export const approvalOf = (overrides: Partial<Approval> = {}): Approval => ({
  commitId: "commit-1",
  commitHash: commitOf().hash,
  decision: "approved",
  reason: null,
  decidedBy: "U0PRIYA01",
  decidedAt: later(60),
  ...overrides,
});

export const targetOf = (target: string, state: CommitTargetState, error: string | null = null): CommitTarget => ({
  commitId: "commit-1",
  target,
  state,
  error,
  appliedAt: state === "applied" ? later(90) : null,
  drift: null,
});

export const jobOf = (target: string, state: JobState, overrides: Partial<Job> = {}): Job => ({
  workspaceId: "T1",
  id: `job-${target}`,
  pushId: "push-1",
  commitId: "commit-1",
  target,
  position: 0,
  state,
  attempt: 1,
  stage: state === "processing" ? "writing" : state === "completed" ? "applied" : null,
  percent: state === "processing" ? 40 : state === "completed" ? 100 : 0,
  asked: { inserted: 1, updated: 1, deleted: 1 },
  result:
    state === "completed"
      ? {
          inserted: 1,
          updated: 1,
          deleted: 1,
          d1Count: 66,
          vectorCount: target === "ai-agent" ? 66 : null,
          synced: null,
        }
      : null,
  errorCode: state === "failed" || state === "timeout" ? "unavailable" : null,
  errorMessage: state === "failed" || state === "timeout" ? "answered 503: down for maintenance" : null,
  dispatchedAt: state === "pending" ? null : later(70),
  acceptedAt: null,
  deadlineAt: null,
  completedAt: state === "completed" || state === "failed" || state === "cancelled" ? later(75) : null,
  searchableAt: null,
  verifiedAt: null,
  synced: null,
  tries: state === "pending" ? 0 : 1,
  waitingSince: null,
  traceId: null,
  outage: null,
  completedAfter: null,
  createdAt: later(70),
  updatedAt: later(75),
  ...overrides,
});

export const verified = (job: Job, synced = true): Job => ({
  ...job,
  searchableAt: later(76),
  verifiedAt: later(77),
  synced,
});

export const pushOf = (overrides: Partial<Push> = {}): Push => ({
  id: "push-1",
  number: 7,
  commitId: "commit-1",
  scope: "all",
  state: "running",
  requestedBy: "U0PRIYA01",
  channelId: "C1",
  traceId: "0".repeat(32),
  createdAt: later(70),
  finishedAt: null,
  ...overrides,
});

interface Judging {
  approvalsNeeded?: number;
  /** Who may approve. */
  reviewers?: string[];
}

/** Whoever has approved may; the review is the one that is given. */
export const commitState = ({
  approvalsNeeded = 1,
  reviewers = ["U0PRIYA01", "U0CARLA01"],
  ...overrides
}: Partial<CommitCardState> & Judging = {}): CommitCardState => {
  const targets = overrides.targets ?? [targetOf("d1cv", "pending"), targetOf("ai-agent", "pending")];
  const commit = commitOf({ status: statusOf(targets), ...overrides.commit });
  const { approvals = [], mode = "team" } = overrides;
  const able = [...new Set([...reviewers, ...approvals.map(({ decidedBy }) => decidedBy)])];
  const members = able.map((userId) => ({ userId, role: "approver" as const }));
  const judgement = judge({ commit, targets, approvals }, { mode, approvalsNeeded, members });
  return {
    changes: [changeOf()],
    jobs: [],
    overlaps: [],
    judgement: { ...judgement, reviewers, review: commit.review },
    ...overrides,
    commit,
    approvals,
    mode,
    targets,
  };
};

export const changeState = (overrides: Partial<ChangeCardState> = {}): ChangeCardState => ({
  change: changeOf(),
  commit: commitOf(),
  targets: [targetOf("d1cv", "pending"), targetOf("ai-agent", "pending")],
  ...overrides,
});

const pushStateOf = (jobs: readonly JobState[]): Push["state"] => {
  if (jobs.some((state) => state === "failed" || state === "timeout")) return "failed";
  if (jobs.every((state) => state === "completed")) return "completed";
  const isOver = jobs.every((state) => state === "completed" || state === "cancelled");
  return isOver ? "cancelled" : "running";
};

/** `push.state` follows from the jobs, as the use cases project it. */
export const pushState = (jobs: Job[], overrides: Partial<PushCardState> = {}): PushCardState => {
  const state = pushStateOf(jobs.map((job) => job.state));
  const placed = jobs.map((job, position) => ({ ...job, position }));
  return {
    ...commitState(),
    commit: commitOf({ review: "approved" }),
    approvals: [approvalOf()],
    jobs: placed,
    push: pushOf({ state, finishedAt: state === "running" ? null : later(75) }),
    nowMs: Date.parse(later(73)),
    portal: "https://cv-ops.example.com/app",
    workspaceId: "T0CVOPS01",
    ...overrides,
  };
};

export const deadLetterOf = (overrides: Partial<FiledDeadLetter> = {}): FiledDeadLetter => ({
  id: "message-1",
  number: 3,
  state: "kept",
  queue: "cv-push",
  body: '{"workspaceId":"T1","jobId":"job-1","attempt":1}',
  cause: "D1_ERROR: overloaded",
  attempts: 11,
  retries: 0,
  jobId: "job-1",
  traceId: "0af7651916cd43dd8448eb211c80319c",
  receivedAt: "2026-11-23T08:00:00.000Z",
  failedAt: "2026-11-23T08:10:00.000Z",
  decidedBy: null,
  decidedAt: null,
  reason: null,
  commitNumber: 2,
  pushNumber: 1,
  target: "d1cv",
  ...overrides,
});

/** What a person can do next about everything that is open in the workspace, and what waits for others. */
import type { Change } from "../staging/change.ts";
import type { Approval, Commit, CommitTarget } from "../commits/commit.ts";
import { type Overlap, type Touch, overlapsOfCommit } from "../commits/overlaps.ts";
import { isDrifted } from "../commits/drift.ts";
import { judge } from "../commits/judgement.ts";
import type { Job } from "../pushes/push.ts";
import { refusedSize } from "../pushes/retry.ts";
import type { UnreadableRow } from "../unreadable-row.ts";
import { type Permission, type Role, may } from "./roles.ts";
import type { Mode } from "./settings.ts";
import { isActiveJob, isStoppedJob } from "../states.ts";

/** Everything that is open, as one person looks at it. */
export interface Open {
  readerId: string;
  role: Role;
  mode: Mode;
  approvalsNeeded: number;
  /** Everyone with a role. */
  members: readonly { userId: string; role: Role }[];
  /** Everybody's staged changes. */
  staged: readonly Change[];
  /** Those that are neither closed nor applied everywhere. */
  commits: readonly Commit[];
  /** Of these commits. */
  approvals: readonly Approval[];
  targets: readonly CommitTarget[];
  /** On rows that several open commits or people touch. */
  touches: readonly Touch[];
  /** Of each push that has a job without an outcome, and of each commit that has failed; oldest first. */
  jobs: readonly Job[];
  /** How many messages could not be delivered and wait for a decision. */
  deadLetters: number;
  /** Stored rows that were left out of all this. */
  unreadable: readonly UnreadableRow[];
}

/** What has to be done next with a commit, urgent items first. */
export const stepKinds = ["retry", "split", "approve", "resolve", "push", "unblock", "revise", "ask"] as const;
export type StepKind = (typeof stepKinds)[number];

export interface Step {
  kind: StepKind;
  commit: Commit;
  /** Where the commit stands at each of its targets, in the order of application. */
  targets: CommitTarget[];
  /** Who can take the step. */
  who: string[];
  /** Approvals that count so far. */
  approvedBy: string[];
  /** For `revise`: the decision that asks for it. */
  rejection: Approval | null;
  /** For `retry`: it is unknown whether the target has applied the commit. */
  isUnknown: boolean;
  /** Who else is about to change its rows. */
  overlaps: Overlap[];
}

export type ActionItem =
  | Step
  | { kind: "commit"; changes: Change[] }
  | { kind: "dead_letters"; count: number }
  | { kind: "unreadable"; rows: readonly UnreadableRow[] };

export interface UnderWay {
  commit: Commit;
  /** In the order of application. */
  jobs: Job[];
  /** Of the whole push, 0 to 100. */
  percent: number;
}

export interface Outlook {
  /** What the reader can do now, urgent and old items first. */
  actionItems: ActionItem[];
  onTheWay: UnderWay[];
  /** What somebody else has to do first, oldest first. */
  waiting: Step[];
}

const permissionFor = {
  retry: "retry",
  approve: "approve",
  resolve: "resolve",
  push: "push",
  unblock: "roles",
  /** What a target refuses as too large is committed again in smaller parts. */
  split: "dropOwn",
  revise: "dropOwn",
  ask: "requestReview",
} as const satisfies Record<StepKind, Permission>;

export const outlookOf = (open: Open): Outlook => {
  const onTheWay = underWay(open);
  const moving = new Set(onTheWay.map(({ commit }) => commit.id));
  const steps = open.commits
    .toSorted((a, b) => a.number - b.number)
    .filter(({ id }) => !moving.has(id))
    .flatMap((commit) => stepsOf(open, commit));
  const isMine = ({ kind, who }: Step): boolean => who.includes(open.readerId) && may(open.role, permissionFor[kind]);
  const own = open.staged.filter(({ createdBy }) => createdBy === open.readerId);
  const mine = steps.filter(isMine).toSorted((a, b) => stepKinds.indexOf(a.kind) - stepKinds.indexOf(b.kind));
  return {
    actionItems: [
      ...(open.unreadable.length > 0 && may(open.role, "changeOthers")
        ? [{ kind: "unreadable" as const, rows: open.unreadable }]
        : []),
      ...(open.deadLetters > 0 && may(open.role, "deadLetters")
        ? [{ kind: "dead_letters" as const, count: open.deadLetters }]
        : []),
      ...mine,
      ...(own.length > 0 && may(open.role, "commit") ? [{ kind: "commit" as const, changes: own }] : []),
    ],
    onTheWay,
    // Somebody's draft is theirs alone.
    waiting: steps.filter((step) => !isMine(step) && step.kind !== "ask"),
  };
};

/** Those who may, the reader included: the first admin has no row. */
const whoMay = ({ members, readerId, role }: Open, permission: Permission): string[] => {
  const granted = members.filter((member) => may(member.role, permission)).map(({ userId }) => userId);
  return may(role, permission) && !granted.includes(readerId) ? [...granted, readerId] : granted;
};

const stepsOf = (open: Open, commit: Commit): Step[] => {
  const approvals = open.approvals.filter(({ commitId }) => commitId === commit.id);
  const targets = open.targets.filter(({ commitId }) => commitId === commit.id);
  const { counted, missing, review } = judge({ commit, targets, approvals }, open);
  const approvedBy = counted.map(({ decidedBy }) => decidedBy);
  const rejection = approvals.findLast(({ decision }) => decision === "rejected") ?? null;
  const isUnknown = open.jobs.some(({ commitId, state }) => commitId === commit.id && state === "timeout");
  const step = (kind: StepKind, who: string[]): Step => ({
    kind,
    commit: { ...commit, review },
    targets,
    who,
    approvedBy,
    rejection: kind === "revise" ? rejection : null,
    isUnknown,
    overlaps: overlapsOfCommit(open.touches, commit),
  });
  const resolve = step("resolve", [...new Set([commit.createdBy, ...whoMay(open, "changeOthers")])]);
  switch (review) {
    case "draft":
      return [step("ask", [commit.createdBy])];
    case "in_review": {
      const able = whoMay(open, "approve").filter(
        (userId) => !approvedBy.includes(userId) && (open.mode === "solo" || !commit.contributors.includes(userId)),
      );
      const tooFew = able.length < missing;
      return [
        ...(isDrifted(commit) ? [resolve] : []),
        ...(able.length > 0 ? [step("approve", able)] : []),
        ...(tooFew || able.length === 0 ? [step("unblock", whoMay(open, "roles"))] : []),
      ];
    }
    case "approved":
      // The target is asked first what became of the push.
      if (isDrifted(commit) && !isUnknown) return [resolve];
      if (commit.status === "failed") {
        const own = open.jobs.filter(({ commitId }) => commitId === commit.id);
        return refusedSize(own, targets) ? [step("split", [commit.createdBy])] : [step("retry", whoMay(open, "retry"))];
      }
      return targets.some(({ state }) => state === "pending") ? [step("push", whoMay(open, "push"))] : [];
    case "rejected":
      return [step("revise", [commit.createdBy])];
    case "dropped":
    case "reopened":
      return [];
  }
};

/** A push of which a target has failed, or went silent, is not on its way: it waits for a retry. */
const underWay = ({ commits, jobs }: Open): UnderWay[] => {
  const pushIds = [...new Set(jobs.map(({ pushId }) => pushId))];
  return pushIds.flatMap((pushId) => {
    const own = jobs.filter((job) => job.pushId === pushId).toSorted((a, b) => a.position - b.position);
    const commit = commits.find(({ id }) => id === own[0]?.commitId);
    if (!commit || !own.some(isActiveJob) || own.some(isStoppedJob)) return [];
    return [{ commit, jobs: own, percent: percentOf(own) }];
  });
};

/** How far a push is, 0 to 100: each of its targets counts the same. */
export const percentOf = (jobs: readonly Pick<Job, "state" | "percent">[]): number => {
  const done = jobs.map(({ state, percent }) => (state === "completed" ? 100 : state === "processing" ? percent : 0));
  return done.length === 0 ? 0 : Math.round(done.reduce((sum, each) => sum + each, 0) / done.length);
};

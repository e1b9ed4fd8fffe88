/** What stands between a commit and its push: every check, in the order in which somebody deals with them, as data. */
import { type Commit, type CommitTarget, hasStarted } from "./commit.ts";
import type { Superseded } from "./history.ts";
import { type Conflict, shownConflicts } from "./conflict.ts";
import { type Job, isWaiting } from "../pushes/push.ts";
import { canReopen, newestStopped, refusedSize } from "../pushes/retry.ts";
import type { Oversized } from "../pushes/request-size.ts";
import type { Judgement, VoidReason } from "./judgement.ts";
import { type Permission, type Role, may, permissions } from "../workspace/roles.ts";
import { isActiveJob, isClosedCommit, isOpenJob } from "../states.ts";

/** note: worth knowing, but it does not stop a push. */
export const checkStates = ["open", "blocked", "unknown", "note"] as const;

interface Clearing {
  state: (typeof checkStates)[number];
  /** Who can clear it; empty when nobody in particular, or nobody yet. */
  who: readonly string[];
  /** The role that can, where no one person is meant. */
  role: Role | null;
  /** What they type after `/cv`; null when no command clears it. */
  command: string | null;
  /** The reader can clear it now, with the command. */
  mine: boolean;
}

export type Check = Clearing &
  (
    | { name: "content"; changes: number; closed: Commit["review"] | null }
    | { name: "review"; review: Commit["review"] }
    | { name: "approvals"; given: readonly string[]; needed: number; voided: readonly Voided[] }
    | { name: "permission"; readerRole: Role }
    | { name: "no_push_on_its_way"; target: string | null; since: string | null }
    /** refusedSize: its target has refused the commit as too large, and would again. */
    | { name: "last_outcome"; target: string | null; error: string | null; refusedSize: boolean }
    /** downSince: pushes to it wait. */
    | { name: "reachable"; target: string; problem: string | null; downSince: string | null }
    | { name: "no_drift"; target: string; conflicts: readonly Conflict[]; count: number }
    | ({ name: "not_superseded" } & Superseded)
    | { name: "fits"; oversized: readonly Oversized[] }
    | { name: "not_applied"; applied: string[] }
  );

/** An approval that does not count. */
interface Voided {
  userId: string;
  because: VoidReason;
}

/** What a target has answered: that it is there, and which rows are in conflict; or why it is unknown. */
export type TargetAnswer = { target: string; downSince?: string | null } & (
  | { conflicts: readonly Conflict[] }
  | { problem: string }
);

export interface PushFacts {
  commit: Pick<Commit, "number" | "review" | "createdBy">;
  reader: { userId: string; role: Role };
  members: readonly { userId: string; role: Role }[];
  judgement: Pick<Judgement, "counted" | "voided" | "needed" | "reviewers">;
  changes: number;
  /** In the order of application. */
  targets: readonly Pick<CommitTarget, "target" | "state">[];
  /** Oldest first. */
  jobs: readonly Pick<Job, "target" | "state" | "dispatchedAt" | "errorCode" | "errorMessage">[];
  /** Newer commits that targets have applied to what this one changes there, or are about to. */
  superseded: Superseded;
  /** Targets that would refuse the request as too large. */
  oversized: readonly Oversized[];
  /** Of the targets that were asked. */
  answers: readonly TargetAnswer[];
}

const clear = { state: "open", who: [], role: null, command: null, mine: false } as const satisfies Clearing;

export const checksOf = (facts: PushFacts): Check[] => [
  content(facts),
  review(facts),
  approvals(facts),
  permission(facts),
  noPushOnItsWay(facts),
  lastOutcome(facts),
  ...facts.answers.map(reachable),
  ...facts.answers.map((answer) => noDrift(facts, answer)),
  notSuperseded(facts),
  fits(facts),
  notApplied(facts),
];

/** It does not stop a push. */
export const hasPassed = ({ state }: Pick<Check, "state">): boolean => state === "open" || state === "note";

/** Nothing stands between the commit and its push. */
export const isClear = (checks: readonly Check[]): boolean => checks.every(hasPassed);

/** The first check that the reader can clear, and has to. */
export const nextStep = (checks: readonly Check[]): Check | null =>
  checks.find((check) => !hasPassed(check) && check.mine) ?? null;

/** What brings an approved commit to its targets. */
export const pushSteps = ["push", "retry"] as const;
export type PushStep = (typeof pushSteps)[number];

/** What the reader can do about the push now; null: nothing, or something else first. */
export const pushStep = (checks: readonly Check[]): PushStep | null => {
  if (isClear(checks)) return "push";
  const blocking = checks.filter((check) => !hasPassed(check));
  return blocking.every((check) => check.name === "last_outcome" && check.mine && !check.refusedSize) ? "retry" : null;
};

const content = ({ commit, changes, targets }: PushFacts): Check => {
  const closed = isClosedCommit(commit) ? commit.review : null;
  const state = closed || targets.length === 0 ? "blocked" : "open";
  return { ...clear, name: "content", state, changes, closed };
};

/** What its author can do, or an admin for them. */
const byAuthor = ({ commit, reader }: PushFacts, command: string): Omit<Clearing, "state"> => ({
  who: [commit.createdBy],
  role: permissions.changeOthers.role,
  command,
  mine: reader.userId === commit.createdBy ? may(reader.role, "dropOwn") : may(reader.role, "changeOthers"),
});

/** Who may do something about it, and the least role that may. */
const whoMay = (members: PushFacts["members"], permission: Permission): Pick<Clearing, "who" | "role"> => ({
  who: members.filter(({ role }) => may(role, permission)).map(({ userId }) => userId),
  role: permissions[permission].role,
});

const review = (facts: PushFacts): Check => {
  const { review: now, number } = facts.commit;
  const check = { ...clear, name: "review", review: now } as const;
  if (now === "in_review" || now === "approved") return check;
  if (now === "draft") return { ...check, state: "blocked", ...byAuthor(facts, `review ${number}`) };
  if (now === "rejected") return { ...check, state: "blocked", ...byAuthor(facts, `reopen ${number}`) };
  return { ...check, state: "blocked" };
};

const approvals = ({ commit, reader, judgement }: PushFacts): Check => {
  const { counted, voided, needed, reviewers } = judgement;
  const given = counted.map(({ decidedBy }) => decidedBy);
  const notCounted = voided.map(({ approval, because }) => ({ userId: approval.decidedBy, because }));
  const check = { ...clear, name: "approvals", given, needed, voided: notCounted } as const;
  if (commit.review === "approved") return check;
  const who = reviewers.filter((userId) => !given.includes(userId));
  if (who.length === 0) {
    return {
      ...check,
      state: "blocked",
      role: permissions.roles.role,
      command: "roles",
      mine: may(reader.role, "roles"),
    };
  }
  const mine = commit.review === "in_review" && who.includes(reader.userId);
  return { ...check, state: "blocked", who, command: `approve ${commit.number}`, mine };
};

const permission = ({ reader, members }: PushFacts): Check => {
  const check = { ...clear, name: "permission", readerRole: reader.role } as const;
  if (may(reader.role, "push")) return check;
  return { ...check, state: "blocked", ...whoMay(members, "push") };
};

const noPushOnItsWay = ({ commit, reader, members, jobs }: PushFacts): Check => {
  const running = jobs.find((job) => isActiveJob(job) && !isWaiting(job));
  if (!running) return { ...clear, name: "no_push_on_its_way", target: null, since: null };
  return {
    name: "no_push_on_its_way",
    state: "blocked",
    target: running.target,
    since: running.dispatchedAt,
    ...whoMay(members, "cancel"),
    command: `cancel ${commit.number}`,
    mine: may(reader.role, "cancel"),
  };
};

/** The newest job of each target counts, as for a retry. */
const lastOutcome = (facts: PushFacts): Check => {
  const { commit, reader, members, targets, jobs } = facts;
  const refused = refusedSize(jobs, targets);
  const stopped = refused ?? newestStopped(jobs, targets)[0];
  if (!stopped) return { ...clear, name: "last_outcome", target: null, error: null, refusedSize: false };
  const { target, errorMessage: error } = stopped;
  const check = { name: "last_outcome", target, error, refusedSize: refused !== null } as const;
  if (refused) {
    const wayOn = canReopen(targets) ? byAuthor(facts, `reopen ${commit.number}`) : {};
    return { ...clear, ...check, state: "blocked", ...wayOn };
  }
  return {
    ...check,
    state: stopped.state === "timeout" ? "unknown" : "blocked",
    ...whoMay(members, "retry"),
    command: `retry ${commit.number}`,
    mine: may(reader.role, "retry"),
  };
};

const reachable = (answer: TargetAnswer): Check => {
  const problem = "problem" in answer ? answer.problem : null;
  const downSince = answer.downSince ?? null;
  const state = problem === null && downSince === null ? "open" : "note";
  return { ...clear, name: "reachable", target: answer.target, problem, downSince, state };
};

const noDrift = (facts: PushFacts, answer: TargetAnswer): Check => {
  const check = { ...clear, name: "no_drift", target: answer.target, conflicts: [], count: 0 } as const;
  // The target looks again when it applies.
  if ("problem" in answer) return { ...check, state: "note" };
  if (answer.conflicts.length === 0) return check;
  const blocked = { ...check, state: "blocked", ...shownConflicts(answer.conflicts) } as const;
  // What only waits for another commit is right as it is. What is on its way, or unknown, cannot be resolved yet.
  const isKept =
    answer.conflicts.every(({ kind }) => kind === "not_yet") ||
    facts.commit.review === "rejected" ||
    facts.jobs.some((job) => isOpenJob(job) && !isWaiting(job));
  return isKept ? blocked : { ...blocked, ...byAuthor(facts, `resolve ${facts.commit.number}`) };
};

const notSuperseded = (facts: PushFacts): Check => {
  const check = { ...clear, name: "not_superseded", ...facts.superseded } as const;
  if (check.by.length === 0) return check;
  if (check.isOnItsWay) return { ...check, state: "blocked" };
  const mayReopen = !hasStarted(facts.targets);
  return { ...check, state: "blocked", ...(mayReopen ? byAuthor(facts, `reopen ${facts.commit.number}`) : {}) };
};

const fits = (facts: PushFacts): Check => {
  const check = { ...clear, name: "fits", oversized: facts.oversized } as const;
  if (facts.oversized.length === 0) return check;
  const mayReopen = !hasStarted(facts.targets);
  return { ...check, state: "blocked", ...(mayReopen ? byAuthor(facts, `reopen ${facts.commit.number}`) : {}) };
};

const notApplied = ({ targets }: PushFacts): Check => {
  const applied = targets.filter(({ state }) => state === "applied").map(({ target }) => target);
  const isDone = targets.length > 0 && applied.length === targets.length;
  return { ...clear, name: "not_applied", applied, state: isDone ? "blocked" : "open" };
};

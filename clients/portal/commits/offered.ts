/** The actions that a commit offers to a person, and why an action is blocked. The server has the last word. Pure. */
import type { ShownCommit } from "./shown-commit.ts";
import type { Checks, Me } from "../data/queries.ts";
import { plainText } from "../../../shared/messages/plain-text.ts";
import { apiCheckMessage } from "../../../shared/messages/api-check.ts";
import { fullTime } from "../messages/times.ts";
import { isWaiting } from "../../../shared/domain/pushes/push.ts";
import { refusedSize } from "../../../shared/domain/pushes/retry.ts";
import { isActiveJob, isClosedCommit, isOpenJob } from "../../../shared/domain/states.ts";
import { hasStarted } from "../../../shared/domain/commits/commit.ts";
import { hasPassed } from "../../../shared/domain/commits/checks.ts";

export type ActionName = "approve" | "reject" | "withdraw" | "push" | "retry" | "cancel" | "review" | "reopen" | "drop";

export interface Offer {
  name: ActionName;
  /** Scope of a push: all targets or one. */
  scope?: string;
  /** Why the action is blocked; null when it is possible. */
  blocked: string | null;
}

interface Reader {
  me: Pick<Me, "userId" | "permissions" | "mode">;
  nameOf: (userId: string) => string;
}

/** @param checks null until they have been read */
export const offersFor = (commit: ShownCommit, checks: Checks | null, reader: Reader): Offer[] => [
  ...decisions(commit, reader),
  ...pushes(commit, checks, reader),
  ...recoveries(commit, reader),
  ...byAuthor(commit, reader),
];

/** In a list, or nothing unless it is offered. */
const offerIf = (isOffered: boolean, name: ActionName, blocked: string | null = null): Offer[] =>
  isOffered ? [{ name, blocked }] : [];

const may = ({ me }: Reader, permission: string): boolean => me.permissions.includes(permission);

const decisions = (commit: ShownCommit, reader: Reader): Offer[] => {
  const { userId, mode } = reader.me;
  const mine = commit.approvals.some(({ by, decision, counts }) => by === userId && decision === "approved" && counts);
  const blocked = mine
    ? "You have approved it; it needs somebody else too."
    : commit.author === userId && mode === "team"
      ? "You wrote it, so somebody else has to approve it."
      : commit.contributors.includes(userId) && mode === "team"
        ? "You have edited a change of it, so somebody else has to approve it."
        : null;
  const isUntouched = !hasBegun(commit);
  const isUndecided = commit.review === "in_review";
  return [
    ...offerIf(isUndecided && may(reader, "approve"), "approve", blocked),
    ...offerIf(isUndecided && may(reader, "reject") && isUntouched, "reject"),
    ...offerIf(
      mine && may(reader, "approve") && commit.review !== "rejected" && !isClosedCommit(commit) && isUntouched,
      "withdraw",
    ),
  ];
};

const hasBegun = ({ targets, pushes: all }: ShownCommit): boolean =>
  hasStarted(targets) || all.some(({ jobs }) => jobs.some((job) => isOpenJob(job) && !isWaiting(job)));

const pushes = (commit: ShownCommit, checks: Checks | null, reader: Reader): Offer[] => {
  if (!may(reader, "push") || isClosedCommit(commit) || commit.status === "failed") return [];
  const remaining = commit.targets.filter(({ state }) => state !== "applied").map(({ target }) => target);
  if (remaining.length === 0 || isInProgress(commit)) return [];
  const scopes = remaining.length > 1 ? ["all", ...remaining] : remaining;
  return scopes.map((scope) => ({ name: "push", scope, blocked: pushBlocked(commit, checks, scope, reader) }));
};

const reviewReasons: Partial<Record<ShownCommit["review"], string>> = {
  draft: "It is a draft: ask for review first.",
  in_review: "It needs approval.",
  rejected: "It was rejected.",
};

const pushBlocked = (commit: ShownCommit, checks: Checks | null, scope: string, { nameOf }: Reader): string | null => {
  const reviewReason = reviewReasons[commit.review];
  if (reviewReason !== undefined) return reviewReason;
  // Until the targets have been asked, what is recorded counts.
  const isKnown = commit.drifted.some((target) => scope === "all" || scope === target);
  if (checks === null && isKnown) return "It is in conflict: somebody has changed what it changes.";
  const blocking = checks?.checks.find(
    (check) =>
      !hasPassed(check) &&
      (scope === "all" || typeof check.about["target"] !== "string" || check.about["target"] === scope),
  );
  return blocking ? plainText(apiCheckMessage(blocking), { nameOf, moment: fullTime }) : null;
};

export const isInProgress = ({ pushes: all }: Pick<ShownCommit, "pushes">): boolean =>
  all.some(({ jobs }) => jobs.some(isActiveJob)) && all.some(({ state }) => state === "running");

const recoveries = (commit: ShownCommit, reader: Reader): Offer[] => {
  const isOpen = commit.pushes.some(({ jobs }) => jobs.some(isOpenJob));
  return [
    ...offerIf(may(reader, "retry") && commit.status === "failed" && !isRefusedForSize(commit), "retry"),
    ...offerIf(may(reader, "cancel") && isOpen, "cancel"),
  ];
};

/** Its newest job at a target was refused as too large. */
const isRefusedForSize = ({ pushes: all, targets }: ShownCommit): boolean =>
  refusedSize(
    all.toReversed().flatMap(({ jobs }) => jobs.map((job) => ({ ...job, errorCode: job.error?.code ?? null }))),
    targets,
  ) !== null;

const byAuthor = (commit: ShownCommit, reader: Reader): Offer[] => {
  const isTheirs = commit.author === reader.me.userId ? may(reader, "dropOwn") : may(reader, "changeOthers");
  if (!isTheirs || isClosedCommit(commit)) return [];
  const isUntouched = !hasStarted(commit.targets);
  return [
    ...offerIf(commit.review === "draft" || commit.review === "in_review", "review"),
    ...offerIf(isUntouched, "reopen"),
    ...offerIf(isUntouched, "drop"),
  ];
};

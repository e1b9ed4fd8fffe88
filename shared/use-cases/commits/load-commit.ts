/** A commit with all that decisions about it need, in the session's round trip. */
import type { Approval, Commit, CommitTarget } from "../../domain/commits/commit.ts";
import { contributorsOf } from "../../domain/commits/contributors.ts";
import { type Judgement, judge } from "../../domain/commits/judgement.ts";
import type { Change } from "../../domain/staging/change.ts";
import type { Job } from "../../domain/pushes/push.ts";
import { type Result, fail, ok } from "../../result.ts";
import { changesOfCommitQuery } from "../../storage/staging/changes.ts";
import { commitAloneQuery } from "../../storage/commits/commits.ts";
import { commitTargetsQuery, inOrderOfTargets } from "../../storage/commits/commit-targets.ts";
import { approvalsQuery } from "../../storage/commits/approvals.ts";
import { jobsOfCommitQuery } from "../../storage/pushes/jobs.ts";
import type { UseCaseContext } from "../context.ts";
import { policyOf } from "./reviewers.ts";
import { type ReadRefusal, type Session, openSession, permit } from "../session.ts";
import { type NewerChange, type Superseded, supersededBy } from "../../domain/commits/history.ts";
import { newerChangesQuery } from "../../storage/commits/history.ts";
import { type Overlap, overlapsOfCommit } from "../../domain/commits/overlaps.ts";
import { touchesOfCommitQuery } from "../../storage/commits/overlaps.ts";
import { netEffect } from "../../domain/staging/net-effect.ts";
import { type Oversized, isOversized, requestBytes } from "../../domain/pushes/request-size.ts";
import type { Permission } from "../../domain/workspace/roles.ts";

export interface CommitDetails {
  commit: Commit;
  changes: Change[];
  targets: CommitTarget[];
  approvals: Approval[];
  jobs: Job[];
  /** Who else is about to change its rows. */
  overlaps: Overlap[];
  /** Of its approvals, as they count now. */
  judgement: Judgement;
}

export interface LoadedCommit extends CommitDetails {
  session: Session;
  /** What newer commits have applied to its rows, or are about to. */
  newer: NewerChange[];
}

/** Newer commits that these targets have applied to the same rows, or are about to. */
export const supersededAt = (
  { changes, newer }: Pick<LoadedCommit, "changes" | "newer">,
  targets: readonly string[],
): Superseded =>
  supersededBy(
    targets.map((target) => ({ target, operations: netEffect(changes, target) })),
    newer,
  );

/** The same of every target which it still has to reach. */
export const supersededOf = (loaded: Pick<LoadedCommit, "changes" | "targets" | "newer">): Superseded =>
  supersededAt(
    loaded,
    loaded.targets.filter(({ state }) => state !== "applied").map(({ target }) => target),
  );

/** The targets that would refuse the request of a push as too large. */
export const oversizedOf = ({ changes, targets }: Pick<CommitDetails, "changes" | "targets">): Oversized[] =>
  targets
    .filter(({ state }) => state !== "applied")
    .map(({ target }) => ({ target, bytes: requestBytes(netEffect(changes, target)) }))
    .filter(isOversized);

/** The commit with its approvals judged now; its review is what they lead to. */
export const judged = <T extends Omit<CommitDetails, "judgement">>(
  details: T,
  session: Pick<Session, "members" | "workspace">,
): T & { judgement: Judgement } => {
  const judgement = judge(details, policyOf(session));
  return { ...details, judgement, commit: { ...details.commit, review: judgement.review } };
};

/** Without one of these rows a commit would be less than what was approved. */
const contentTables = new Set<string | null>(["staged_changes", "commit_targets", "jobs"]);

/**
 * Refuses those without the permission before it says whether the commit exists.
 * @param content "as far as it can be read" for what does not depend on it
 */
export const loadCommit = async (
  ctx: UseCaseContext,
  number: number,
  permission: Permission,
  content: "whole" | "as far as it can be read" = "whole",
): Promise<Result<LoadedCommit, ReadRefusal<"commit_not_found">>> => {
  const { workspaceId } = ctx;
  const [session, alone, { changes, inputs }, reached, approvals, jobs, newer, touches] = await openSession(
    ctx,
    commitAloneQuery(workspaceId, { number }),
    changesOfCommitQuery(workspaceId, { number }),
    commitTargetsQuery(workspaceId, { number }),
    approvalsQuery(workspaceId, { number }),
    jobsOfCommitQuery(workspaceId, { number }),
    newerChangesQuery(workspaceId, { number }, "dispatched", permission === "read"),
    touchesOfCommitQuery(workspaceId, { number }),
  );
  const allowed = permit(session, permission);
  if (!allowed.ok) return allowed;
  if (!alone) return fail({ code: "commit_not_found", number });
  const commit = { ...alone, contributors: contributorsOf(alone, inputs) };
  const rows = session.unreadable.filter(({ table }) => contentTables.has(table));
  if (content === "whole" && rows.length > 0) return fail({ code: "commit_unreadable", number, rows });
  const overlaps = overlapsOfCommit(touches, commit);
  const targets = inOrderOfTargets(reached, session.targets);
  return ok(judged({ session, commit, changes, targets, approvals, jobs, newer, overlaps }, session));
};

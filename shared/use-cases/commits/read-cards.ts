/** What a list shows of each of its commits, for a whole page in one round trip. */
import type { Approval, Commit, CommitTarget } from "../../domain/commits/commit.ts";
import { type Judgement, judge } from "../../domain/commits/judgement.ts";
import { type Overlap, type Touch, overlapsOfCommit } from "../../domain/commits/overlaps.ts";
import type { Job, Push } from "../../domain/pushes/push.ts";
import type { Change } from "../../domain/staging/change.ts";
import { approvalsOfCommitsQuery } from "../../storage/commits/approvals.ts";
import { targetsOfCommitsQuery } from "../../storage/commits/commit-targets.ts";
import { read } from "../../storage/database.ts";
import { jobsOfCommitsQuery } from "../../storage/pushes/jobs.ts";
import { pushesOfCommitsQuery } from "../../storage/pushes/pushes.ts";
import { changeCountsQuery, changesOfCommitsQuery } from "../../storage/staging/changes.ts";
import type { UseCaseContext } from "../context.ts";
import type { Session } from "../session.ts";
import { policyOf } from "./reviewers.ts";

/** A list names the rows of a commit with so many changes at most; a larger one has its summary. */
export const maxListedChanges = 20;

export interface CommitCard {
  commit: Commit;
  /** Null where there are too many for a list, or where one cannot be read. */
  changes: Change[] | null;
  changeCount: number;
  targets: CommitTarget[];
  approvals: Approval[];
  judgement: Judgement;
  jobs: Job[];
  /** Newest first. */
  pushes: Push[];
  overlaps: Overlap[];
}

/** @param touches on rows that several open commits or people touch */
export const readCards = async (
  ctx: UseCaseContext,
  session: Pick<Session, "members" | "workspace">,
  commits: readonly Commit[],
  touches: readonly Touch[],
): Promise<CommitCard[]> => {
  const ids = [...new Set(commits.map(({ id }) => id))];
  if (ids.length === 0) return [];
  const { workspaceId } = ctx;
  const [counts, changes, targets, approvals, jobs, pushes] = await read(
    ctx.db,
    changeCountsQuery(workspaceId, ids),
    changesOfCommitsQuery(workspaceId, ids, maxListedChanges),
    targetsOfCommitsQuery(workspaceId, ids),
    approvalsOfCommitsQuery(workspaceId, ids),
    jobsOfCommitsQuery(workspaceId, ids),
    pushesOfCommitsQuery(workspaceId, ids),
  );
  return commits.map((commit) => {
    const isOwn = ({ commitId }: { commitId: string | null }): boolean => commitId === commit.id;
    const own = changes.filter(isOwn);
    const changeCount = counts.find(isOwn)?.count ?? 0;
    const decided = { commit, targets: targets.filter(isOwn), approvals: approvals.filter(isOwn) };
    const judgement = judge(decided, policyOf(session));
    return {
      ...decided,
      commit: { ...commit, review: judgement.review },
      // Less than the whole would be another commit.
      changes: own.length === changeCount ? own : null,
      changeCount,
      judgement,
      jobs: jobs.filter(isOwn),
      pushes: pushes.filter(isOwn),
      overlaps: overlapsOfCommit(touches, commit),
    };
  });
};

/** Whether somebody may follow jobs, commits or the whole workspace as things happen, and from where on. */
import { type Result, fail, ok } from "../../result.ts";
import { lastEventQuery } from "../../storage/events/events.ts";
import { unknownCommitsQuery, unknownJobsQuery } from "../../storage/events/live.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

export interface Followed {
  jobIds: string[];
  /** Numbers. */
  commits: number[];
}

export interface Following {
  /** Of the workspace's newest event. */
  lastEventId: number;
}

/** A foreign job or commit is answered like one that does not exist. */
export type FollowReason = Refused | ({ code: "nothing_to_follow" } & Followed);

export const followEvents = async (
  ctx: UseCaseContext,
  { jobIds, commits }: Followed,
): Promise<Result<Following, FollowReason>> => {
  const { workspaceId } = ctx;
  const [session, unknownJobs, unknownCommits, lastEventId] = await openSession(
    ctx,
    unknownJobsQuery(workspaceId, jobIds),
    unknownCommitsQuery(workspaceId, commits),
    lastEventQuery(workspaceId),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  if (unknownJobs.length > 0 || unknownCommits.length > 0) {
    return fail({ code: "nothing_to_follow", jobIds: unknownJobs, commits: unknownCommits });
  }
  return ok({ lastEventId });
};

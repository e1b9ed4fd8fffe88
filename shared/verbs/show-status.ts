import type { Commit } from "../domain/commit.ts";
import type { Change } from "../domain/change.ts";
import type { Job, Push } from "../domain/push.ts";
import { type Result, ok } from "../result.ts";
import { stagedQuery } from "../storage/changes.ts";
import { commitsQuery } from "../storage/commits.ts";
import { openJobsQuery } from "../storage/jobs.ts";
import { recentPushesQuery } from "../storage/pushes.ts";
import type { VerbContext } from "./context.ts";
import { type Refused, type Session, openSession, permit } from "./session.ts";

export interface Status {
  session: Session;
  staged: Change[];
  commits: Commit[];
  pushes: Push[];
  /** Jobs that have no outcome yet, or an unknown one. */
  openJobs: Job[];
}

/** Where everything stands: what is staged, which commits wait, what is on its way. */
export const showStatus = async (ctx: VerbContext): Promise<Result<Status, Refused>> => {
  const { db, workspaceId } = ctx;
  const [session, staged, commits, pushes, openJobs] = await openSession(
    ctx,
    stagedQuery(db, workspaceId),
    commitsQuery(db, workspaceId, 20),
    recentPushesQuery(db, workspaceId, 10),
    openJobsQuery(db, workspaceId, 50),
  );
  const allowed = permit(session, "read");
  return allowed.ok ? ok({ session, staged, commits, pushes, openJobs }) : allowed;
};

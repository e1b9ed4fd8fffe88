import type { Commit } from "../domain/commit.ts";
import { type Result, ok } from "../result.ts";
import { commitsQuery } from "../storage/commits.ts";
import type { VerbContext } from "./context.ts";
import { type Refused, openSession, permit } from "./session.ts";

/** The newest commits, without those that were dropped or reopened. */
export const listCommits = async (ctx: VerbContext, limit: number): Promise<Result<Commit[], Refused>> => {
  const [session, commits] = await openSession(ctx, commitsQuery(ctx.db, ctx.workspaceId, limit));
  const allowed = permit(session, "read");
  return allowed.ok ? ok(commits) : allowed;
};

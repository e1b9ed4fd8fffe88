import type { Change } from "../../domain/staging/change.ts";
import { type Result, ok } from "../../result.ts";
import { stagedQuery } from "../../storage/staging/changes.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, type Session, openSession, permit } from "../session.ts";

export interface StagedList {
  changes: Change[];
  session: Session;
}

/** Everybody's staged changes, oldest first. */
export const listStaged = async (ctx: UseCaseContext): Promise<Result<StagedList, Refused>> => {
  const [session, changes] = await openSession(ctx, stagedQuery(ctx.workspaceId));
  const allowed = permit(session, "read");
  return allowed.ok ? ok({ changes, session }) : allowed;
};

import { type Overlap, overlapsOfChange } from "../../domain/commits/overlaps.ts";
import type { Change } from "../../domain/staging/change.ts";
import { type Result, ok } from "../../result.ts";
import { sharedTouchesQuery } from "../../storage/commits/overlaps.ts";
import { stagedQuery } from "../../storage/staging/changes.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, type Session, openSession, permit } from "../session.ts";

export interface StagedList {
  changes: Change[];
  /** Who else is about to change the row, by the number of the change; none where nobody is. */
  overlaps: ReadonlyMap<number, Overlap[]>;
  session: Session;
}

/** Everybody's staged changes, oldest first. */
export const listStaged = async (ctx: UseCaseContext): Promise<Result<StagedList, Refused>> => {
  const [session, changes, touches] = await openSession(
    ctx,
    stagedQuery(ctx.workspaceId),
    sharedTouchesQuery(ctx.workspaceId),
  );
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const overlaps = new Map(changes.map((change) => [change.number, overlapsOfChange(touches, change)]));
  return ok({ changes, overlaps, session });
};

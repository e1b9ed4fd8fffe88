import type { Change } from "../../domain/staging/change.ts";
import { type Result, ok } from "../../result.ts";
import { stagedQuery } from "../../storage/staging/changes.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, openSession, permit } from "../session.ts";

export interface StagingDesk {
  targets: TargetBinding[];
  /** The person's own staged changes, oldest first. */
  own: Change[];
}

/** What a form for staging starts from. Refuses whoever may not stage, so that nobody fills in a form in vain. */
export const stagingDesk = async (ctx: UseCaseContext): Promise<Result<StagingDesk, Refused>> => {
  const [session, staged] = await openSession(ctx, stagedQuery(ctx.workspaceId));
  const allowed = permit(session, "stage");
  if (!allowed.ok) return allowed;
  return ok({ targets: session.targets, own: staged.filter(({ createdBy }) => createdBy === ctx.actor.id) });
};

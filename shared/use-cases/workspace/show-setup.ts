import type { SetupFacts } from "../../domain/workspace/setup.ts";
import { type Result, ok } from "../../result.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, allows, openSession, permit } from "../session.ts";
import { mayApprove } from "./set-settings.ts";

export interface ShownSetup extends SetupFacts {
  /** User ids. */
  admins: string[];
  /** Whether who asks may do the steps. */
  mayChange: boolean;
  /** Whether the workspace was set up by somebody who has installed the app, and who that was. */
  installedBy: string | null;
}

/** How far a workspace is set up. Everybody may look. */
export const showSetup = async (ctx: UseCaseContext): Promise<Result<ShownSetup, Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const { mode, approvalsNeeded, channelId, installedBy } = session.workspace;
  return ok({
    settings: { mode, approvalsNeeded, channelId },
    mayApprove: mayApprove(session),
    targets: session.targets.map(({ name }) => name),
    admins: session.members.filter(({ role }) => role === "admin").map(({ userId }) => userId),
    mayChange: allows(session, "settings"),
    installedBy,
  });
};

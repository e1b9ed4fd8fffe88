import { type Result, ok } from "../../result.ts";
import type { Settings } from "../../domain/workspace/settings.ts";
import type { UseCaseContext } from "../context.ts";
import { type Refused, allows, openSession, permit } from "../session.ts";
import { mayApprove } from "./set-settings.ts";

export interface ShownSettings {
  settings: Settings;
  /** User ids of those who may approve. */
  mayApprove: string[];
  /** Whether who asks may change them. */
  mayChange: boolean;
}

/** The workspace's settings, which everybody may read. */
export const showSettings = async (ctx: UseCaseContext): Promise<Result<ShownSettings, Refused>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "read");
  if (!allowed.ok) return allowed;
  const { mode, approvalsNeeded, channelId } = session.workspace;
  return ok({
    settings: { mode, approvalsNeeded, channelId },
    mayApprove: mayApprove(session),
    mayChange: allows(session, "settings"),
  });
};

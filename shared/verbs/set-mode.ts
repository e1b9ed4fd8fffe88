import { type Result, ok } from "../result.ts";
import { raiseReviewCards } from "../storage/cards.ts";
import { type Mode, updateMode } from "../storage/workspaces.ts";
import { type VerbContext, nowOf } from "./context.ts";
import { type Forbidden, type NotWritten, commitBatch, openSession, permit } from "./session.ts";

/** Team mode asks for a second person; solo mode lets the owner approve their own commits after confirming. */
export const setMode = async (
  ctx: VerbContext,
  mode: Mode,
): Promise<Result<{ mode: Mode; before: Mode }, Forbidden | NotWritten>> => {
  const [session] = await openSession(ctx);
  const allowed = permit(session, "settings");
  if (!allowed.ok) return allowed;
  const before = session.workspace.mode;
  if (before === mode) return ok({ mode, before });
  const written = await commitBatch(
    ctx,
    [updateMode(ctx.db, ctx.workspaceId, mode, nowOf(ctx)), raiseReviewCards(ctx.db, ctx.workspaceId, nowOf(ctx))],
    {
      type: "workspace.settings_set",
      data: { mode, before },
    },
  );
  return written.ok ? ok({ mode, before }) : written;
};

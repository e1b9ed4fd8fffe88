import { invalidateSetupCard } from "../../storage/cards.ts";
import { type Result, fail } from "../../result.ts";
import { mustChange, read } from "../../storage/database.ts";
import { assertTargetUnused, changesOfTargetQuery } from "../../storage/commits/changes-of-target.ts";
import { deleteTarget } from "../../storage/pushes/targets.ts";
import { chooseTargets } from "../choose-targets.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";

export type RemoveTargetReason = WriteRefusal<"unknown_target" | "last_target" | "target_in_use">;

/** Pushes do not go there any more, and its secrets are gone. What was pushed there stays in the history. */
export const removeTarget = repeatable(
  async (ctx: UseCaseContext, input: { target: string }): Promise<Result<{ name: string }, RemoveTargetReason>> => {
    const { workspaceId } = ctx;
    const [session] = await openSession(ctx);
    const allowed = permit(session, "targets");
    if (!allowed.ok) return allowed;
    const chosen = chooseTargets(session.targets, [input.target]);
    if (!chosen.ok) return chosen;
    const [target] = chosen.value;
    if (!target || session.targets.length === 1) return fail({ code: "last_target", target: input.target });
    if (chosen.value.length > 1) {
      const names = session.targets.map(({ name }) => name);
      return fail({ code: "unknown_target", typed: input.target, suggestion: null, allowed: names });
    }
    const { name } = target;
    const inUse = await whatUses(ctx, name);
    if (inUse.changes.length > 0 || inUse.commits.length > 0) {
      return fail({ code: "target_in_use", target: name, ...inUse });
    }
    return commitBatch<{ name: string }>(
      ctx,
      { name },
      [
        assertTargetUnused(workspaceId, name),
        mustChange(deleteTarget(workspaceId, name)),
        invalidateSetupCard(atNow(ctx)),
      ],
      { type: "target.removed", data: { target: name } },
    );
  },
);

const whatUses = async ({ db, workspaceId }: UseCaseContext, name: string) => {
  const [rows] = await read(db, changesOfTargetQuery(workspaceId, name));
  const commits = rows.flatMap(({ commitNumber }) => (commitNumber === null ? [] : [commitNumber]));
  return {
    changes: rows.flatMap(({ number, commitNumber }) => (commitNumber === null ? [number] : [])),
    commits: [...new Set(commits)],
  };
};

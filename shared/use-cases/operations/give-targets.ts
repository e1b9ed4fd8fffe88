/**
 * The operator's own workspace gets the targets that the operator runs, with the operator's portfolio. Every other
 * workspace adds its targets itself, with secrets of its own.
 */
import { type Result, ok } from "../../result.ts";
import { invalidateSetupCard } from "../../storage/cards.ts";
import { mustChange, read } from "../../storage/database.ts";
import { type ConfiguredTarget, insertTarget, targetsQuery, unsealed } from "../../storage/pushes/targets.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type NotWritten, commitBatch } from "../session.ts";

/**
 * Done twice it changes nothing more; a workspace that has any target keeps what it has.
 * @returns the names of its targets
 */
export const giveTargets = async (
  ctx: UseCaseContext,
  targets: readonly ConfiguredTarget[],
): Promise<Result<string[], NotWritten>> => {
  const { workspaceId } = ctx;
  const [stored] = await read(ctx.db, targetsQuery(workspaceId));
  if (stored.length > 0) return ok(stored.map(({ name }) => name));
  const at = atNow(ctx);
  return commitBatch(
    ctx,
    targets.map(({ name }) => name),
    [
      targets.map((target, position) =>
        mustChange(insertTarget({ ...target, ...unsealed, workspaceId, position }, at.now)),
      ),
      invalidateSetupCard(at),
    ],
    ...targets.map(({ name, portfolioId }) => ({ type: "target.added" as const, data: { target: name, portfolioId } })),
  );
};

import { type Result, fail } from "../../result.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import { chooseTargets } from "../choose-targets.ts";
import { sha256Hex } from "../../digest.ts";
import type { UseCaseContext } from "../context.ts";
import { type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";

export interface Reindexed {
  /** Targets that have begun, with how many rows they bring into their index. */
  begun: { target: string; rows: number }[];
  /** Targets without an index to rebuild. */
  without: string[];
  failed: { target: string; message: string }[];
}

export type ReindexReason = WriteRefusal<"unknown_target" | "reindex_failed">;

/** Asks one target, or all, to bring every live row into its search index again. */
export const reindexTargets = repeatable(
  async (ctx: UseCaseContext, input: { target: string | null }): Promise<Result<Reindexed, ReindexReason>> => {
    const [session] = await openSession(ctx);
    const allowed = permit(session, "reindex");
    if (!allowed.ok) return allowed;
    const chosen = chooseTargets(session.targets, input.target === null ? [] : [input.target]);
    if (!chosen.ok) return chosen;

    const requestId = await requestIdOf(ctx);
    const answers = await Promise.all(
      chosen.value.map(async (target) => ({ target: target.name, answer: await ask(ctx, target, requestId) })),
    );
    const outcome: Reindexed = { begun: [], without: [], failed: [] };
    for (const { target, answer } of answers) {
      if (!answer.ok) outcome.failed.push({ target, message: answer.reason.message });
      else if (answer.value) outcome.begun.push({ target, rows: answer.value.rows });
      else outcome.without.push(target);
    }
    const { begun, without, failed } = outcome;
    if (begun.length === 0) return fail({ code: "reindex_failed", without, failed });
    return commitBatch(
      ctx,
      outcome,
      [],
      ...begun.map(({ target, rows }) => ({ type: "target.reindexed" as const, data: { target, rows } })),
    );
  },
);

const ask = (ctx: UseCaseContext, target: TargetBinding, requestId: string) =>
  ctx
    .targets(target, ctx.traceId)
    .reindex({ type: "reindex", requestId, target: target.name, portfolioId: target.portfolioId });

/** The same for a repeat of the same request, which the target then does not begin again. */
const requestIdOf = async ({ idempotencyKey, workspaceId, newId }: UseCaseContext): Promise<string> => {
  if (idempotencyKey === null) return newId();
  return sha256Hex(`${workspaceId}/${idempotencyKey}`);
};

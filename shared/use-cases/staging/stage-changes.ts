import { type Result, ok } from "../../result.ts";
import type { UseCaseContext } from "../context.ts";
import { savedResultOf } from "../session.ts";
import type { Change } from "../../domain/staging/change.ts";
import { madeRow, similarAmong } from "./similar-rows.ts";
import {
  type StageInput,
  type StageReason,
  type Stageable,
  type Staged,
  checkStage,
  recordStaged,
} from "./stage-change.ts";

/** What became of several changes: none is staged while one is refused, or the outcome of each. */
export type StagedTogether = { checked: Result<unknown, StageReason>[] } | { recorded: Result<Staged, StageReason>[] };

/**
 * Stages several changes, each with its own number and event; all are checked before the first is written. A repeat of
 * the request finds what became of those that are staged already, as each has a key of its own.
 */
export const stageChanges = async (ctx: UseCaseContext, inputs: readonly StageInput[]): Promise<StagedTogether> => {
  const contexts = inputs.map((_input, index) => ({
    ...ctx,
    idempotencyKey: ctx.idempotencyKey === null ? null : `${ctx.idempotencyKey}:${index + 1}`,
  }));
  const checked = await Promise.all(
    inputs.map(async (input, index) => {
      const each = contexts[index] ?? ctx;
      return { ctx: each, result: await checkStage(each, input) };
    }),
  );
  const isRefused = checked.some(({ result }) => !result.ok && result.reason.code !== "duplicate_request");
  if (isRefused) return { checked: checked.map(({ result }) => result) };
  const recorded: Result<Staged, StageReason>[] = [];
  // One after the other: their numbers follow the order of the lines.
  for (const [index, { ctx: each, result }] of checked.entries()) {
    const before = checked.slice(0, index).flatMap((other) => (other.result.ok ? [other.result.value.change] : []));
    const staged = result.ok ? await recordStaged(each, beside(before, result.value)) : result;
    const known = staged.ok ? null : savedResultOf<Staged>(staged.reason);
    recorded.push(known === null ? staged : ok(known));
  }
  return { recorded };
};

/** The changes of one request were checked together, so none of them knew the others. */
const beside = (others: readonly Change[], checked: Stageable): Stageable => {
  const { action, entityType, payload } = checked.change;
  if (action !== "CREATE") return checked;
  const creations = others.filter((other) => other.action === "CREATE" && other.entityType === entityType);
  return { ...checked, similar: [...checked.similar, ...similarAmong(entityType, payload, creations.map(madeRow))] };
};

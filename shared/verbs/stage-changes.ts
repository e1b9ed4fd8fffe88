import type { Result } from "../result.ts";
import type { VerbContext } from "./context.ts";
import { type StageInput, type StageReason, type Staged, checkStage, recordStaged } from "./stage-change.ts";

/** What became of several changes: none is staged while one is refused, or what happened to each when it was written. */
export type StagedTogether = { checked: Result<unknown, StageReason>[] } | { recorded: Result<Staged, StageReason>[] };

/**
 * Stages several changes, each with its own number and event; all are checked before the first is written. A repeat of
 * the request finds those that are staged already, as each has a key of its own.
 */
export const stageChanges = async (ctx: VerbContext, inputs: readonly StageInput[]): Promise<StagedTogether> => {
  const contexts = inputs.map((_input, index) => ({
    ...ctx,
    inboxKey: ctx.inboxKey === null ? null : `${ctx.inboxKey}:${index + 1}`,
  }));
  const checked = await Promise.all(
    inputs.map(async (input, index) => {
      const each = contexts[index] ?? ctx;
      return { ctx: each, result: await checkStage(each, input) };
    }),
  );
  const isRefused = checked.some(({ result }) => !result.ok && result.reason.code !== "repeated");
  if (isRefused) return { checked: checked.map(({ result }) => result) };
  const recorded: Result<Staged, StageReason>[] = [];
  // One after the other: their numbers follow the order of the lines.
  for (const { ctx: each, result } of checked)
    recorded.push(result.ok ? await recordStaged(each, result.value) : result);
  return { recorded };
};

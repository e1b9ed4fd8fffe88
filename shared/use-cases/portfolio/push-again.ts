import type { Refusal } from "../../contract/refusals.ts";
import { lastWriterOf } from "../../domain/commits/push-again.ts";
import { type Result, fail } from "../../result.ts";
import { appliedChangesQuery } from "../../storage/commits/history.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { Operations } from "../../targets/protocol.ts";
import { type LoadedCommit, loadCommit } from "../commits/load-commit.ts";
import { type UseCaseContext, inMs, nowOf } from "../context.ts";
import { type PushStarted, writePush } from "../pushes/write-push.ts";
import { type NotWritten, type WriteRefusal, openSession, permit, repeatable } from "../session.ts";
import { type NotAgain, prepareAgain } from "./offer-pushes.ts";
import { type RowAtTarget, differencesOf, nameRow } from "./settle-difference.ts";
import { compareTargets } from "./compare-targets.ts";

export type PushAgainReason = WriteRefusal<
  | "unknown_target"
  | "unknown_entity_type"
  | "no_difference"
  | "rows_unavailable"
  | "commit_not_found"
  | NotAgain["code"]
>;

export interface PushAgainInput extends RowAtTarget {
  /** Where its thread goes, unless the workspace has a channel for cards; null: to whoever pushes. */
  channelId: string | null;
}

/**
 * Pushes the applied commit that last wrote a row again, to the one target whose row is not as it was pushed. Only what
 * is not live there is sent, and only where that is what the difference needs.
 */
export const pushAgain = repeatable(
  async (ctx: UseCaseContext, input: PushAgainInput): Promise<Result<PushStarted, PushAgainReason>> => {
    const [session, applied] = await openSession(ctx, appliedChangesQuery(ctx.workspaceId));
    const allowed = permit(session, "push");
    if (!allowed.ok) return allowed;
    const named = nameRow(session, input);
    if (!named.ok) return named;
    const { target, entityType } = named.value;
    const about = { target: target.name, entityType, entityId: input.entityId };
    const compared = await compareTargets(ctx, session, applied);
    const problem = compared.checks.find((check) => check.target === target.name)?.problem ?? null;
    if (problem !== null) {
      return fail({ code: "rows_unavailable", unanswered: [{ target: target.name, message: problem }] });
    }
    const own = differencesOf(compared, about.target, entityType, about.entityId);
    if (own.length === 0) return fail({ code: "no_difference", ...about });
    const number = lastWriterOf(own);
    if (number === null) return fail({ code: "push_again_not_possible", ...about, number: null });
    const loaded = await loadCommit({ ...ctx, idempotencyKey: null }, number, "push");
    if (!loaded.ok) return withoutRepeat(loaded.reason);
    const operations = prepareAgain(loaded.value, own, compared, applied);
    if (!operations.ok) return operations;
    return write(ctx, loaded.value, target, operations.value, session.workspace.channelId ?? input.channelId);
  },
);

/** It was read without a key. */
const withoutRepeat = <R extends { code: string }>(
  reason: R,
): Result<never, Exclude<R, { code: "duplicate_request" }> | Refusal<"conflict">> =>
  reason.code === "duplicate_request"
    ? fail({ code: "conflict" })
    : fail(reason as Exclude<R, { code: "duplicate_request" }>);

const write = (
  ctx: UseCaseContext,
  loaded: LoadedCommit,
  target: TargetBinding,
  operations: Operations,
  channelId: string | null,
): Promise<Result<PushStarted, NotWritten>> => {
  const push = { id: ctx.newId(), commitId: loaded.commit.id };
  const job = {
    id: ctx.newId(),
    pushId: push.id,
    commitId: loaded.commit.id,
    target: target.name,
    position: target.position,
    operations,
    dispatch: { at: nowOf(ctx), deadlineAt: inMs(ctx, ctx.timeouts.dispatchMs) },
  };
  return writePush(ctx, loaded, [job], {
    ...push,
    scope: target.name,
    channelId: channelId ?? ctx.actor.id,
    isAgain: true,
  });
};

/** What people decide about a message that could not be delivered: it is sent again, or discarded. */
import { messageQueues, retryBodyOf } from "../../domain/dead-letters/dead-letter.ts";
import { takeWritten } from "../../domain/unseen.ts";
import { canMove } from "../../domain/states.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { Batch } from "../../storage/database.ts";
import { type FiledDeadLetter, decideDeadLetter, deadLetterQuery } from "../../storage/dead-letters/dead-letters.ts";
import { insertMessage } from "../../storage/outbox.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type Refused, type WriteRefusal, commitBatch, openSession, permit, repeatable } from "../session.ts";

export const maxReasonLength = 500;

export type DecideDeadLetterReason = WriteRefusal<
  | "dead_letter_not_found"
  | "dead_letter_settled"
  | "not_retryable"
  | "reason_required"
  | "text_not_allowed"
  | "reason_too_long"
>;

/** Sends it again by way of the outbox. One that fails again comes back to the same dead letter. */
export const retryDeadLetter = repeatable(
  async (ctx: UseCaseContext, number: number): Promise<Result<FiledDeadLetter, DecideDeadLetterReason>> => {
    const loaded = await loadDeadLetter(ctx, number, "retried");
    if (!loaded.ok) return loaded;
    const deadLetter = loaded.value;
    const queue = messageQueues.find((name) => name === deadLetter.queue);
    const body = retryBodyOf(deadLetter, ctx.workspaceId);
    if (!queue || !body) return fail({ code: "not_retryable", number, queue: deadLetter.queue });
    return decide(ctx, deadLetter, "retried", null, insertMessage(atNow(ctx), ctx.newId(), queue, body));
  },
);

/** Nothing is sent: whoever discards it says why that is right. */
export const discardDeadLetter = repeatable(
  async (
    ctx: UseCaseContext,
    { number, reason }: { number: number; reason: string },
  ): Promise<Result<FiledDeadLetter, DecideDeadLetterReason>> => {
    const loaded = await loadDeadLetter(ctx, number, "discarded");
    if (!loaded.ok) return loaded;
    const taken = takeWritten("reason", reason);
    if (!taken.ok) return taken;
    const trimmed = taken.value;
    if (trimmed === "") return fail({ code: "reason_required", number });
    if (trimmed.length > maxReasonLength) {
      return fail({ code: "reason_too_long", length: trimmed.length, maxLength: maxReasonLength });
    }
    return decide(ctx, loaded.value, "discarded", trimmed, []);
  },
);

type Decision = "retried" | "discarded";

/** Whether the dead letter may still be decided so, for a form that asks for the reason first. */
export const loadDeadLetter = async (
  ctx: UseCaseContext,
  number: number,
  to: Decision,
): Promise<Result<FiledDeadLetter, Refused | Exclude<DecideDeadLetterReason, { code: "conflict" }>>> => {
  const [session, deadLetter] = await openSession(ctx, deadLetterQuery(ctx.workspaceId, number));
  const allowed = permit(session, "deadLetters");
  if (!allowed.ok) return allowed;
  if (!deadLetter) return fail({ code: "dead_letter_not_found", number });
  return canMove("dead_letter", deadLetter.state, to) ? ok(deadLetter) : settled(deadLetter);
};

const settled = ({ number, state, decidedBy, decidedAt }: FiledDeadLetter) =>
  fail({ code: "dead_letter_settled" as const, number, state, decidedBy, decidedAt });

const decide = async (
  ctx: UseCaseContext,
  deadLetter: FiledDeadLetter,
  to: Decision,
  reason: string | null,
  message: Batch,
): Promise<Result<FiledDeadLetter, DecideDeadLetterReason>> => {
  const at = atNow(ctx);
  const by = ctx.actor.id;
  const value: FiledDeadLetter = {
    ...deadLetter,
    state: to,
    retries: deadLetter.retries + (to === "retried" ? 1 : 0),
    decidedBy: by,
    decidedAt: at.now,
    reason,
  };
  const written = await commitBatch(ctx, value, [decideDeadLetter(at, deadLetter.id, to, { by, reason }), message], {
    type: `dead_letter.${to}`,
    data: { deadLetterId: deadLetter.id, queue: deadLetter.queue, ...(reason ? { reason } : {}) },
  });
  if (written.ok || written.reason.code !== "conflict") return written;
  // Somebody decided first: say what they did.
  const again = await loadDeadLetter(ctx, deadLetter.number, to);
  return again.ok ? written : again;
};

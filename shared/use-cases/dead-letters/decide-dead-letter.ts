/** What people decide about a message that could not be delivered: it is sent again, or discarded. */
import { messageQueues, retryBodyOf } from "../../domain/dead-letters/dead-letter.ts";
import { canMove } from "../../domain/states.ts";
import { type Result, fail, ok } from "../../result.ts";
import { expectChanges } from "../../storage/database.ts";
import { type FiledLetter, decideDeadLetter, deadLetterQuery } from "../../storage/dead-letters/dead-letters.ts";
import { insertMessage } from "../../storage/outbox.ts";
import { type VerbContext, nowOf } from "../context.ts";
import type { NoSuchLetter } from "./list-dead-letters.ts";
import {
  type Forbidden,
  type NotWritten,
  type Refused,
  commitBatch,
  openSession,
  permit,
  repeatable,
} from "../session.ts";

export const maxReasonLength = 500;

export type DecideLetterReason =
  | Forbidden
  | NotWritten
  | NoSuchLetter
  | {
      code: "letter_settled";
      number: number;
      state: FiledLetter["state"];
      decidedBy: string | null;
      decidedAt: string | null;
    }
  | { code: "not_retryable"; number: number; queue: string }
  | { code: "reason_needed"; number: number }
  | { code: "reason_too_long"; length: number; maxLength: number };

/** Sends it again by way of the outbox. One that fails again comes back to the same letter. */
export const retryDeadLetter = repeatable(
  async (ctx: VerbContext, number: number): Promise<Result<FiledLetter, DecideLetterReason>> => {
    const loaded = await loadLetter(ctx, number, "retried");
    if (!loaded.ok) return loaded;
    const letter = loaded.value;
    const { db, workspaceId } = ctx;
    const queue = messageQueues.find((name) => name === letter.queue);
    const body = retryBodyOf(letter, workspaceId);
    if (!queue || !body) return fail({ code: "not_retryable", number, queue: letter.queue });
    const message = insertMessage(db, { workspaceId, id: ctx.newId(), queue }, body, nowOf(ctx));
    return decide(ctx, letter, "retried", null, [message]);
  },
);

/** Nothing is sent: whoever discards it says why that is right. */
export const discardDeadLetter = repeatable(
  async (
    ctx: VerbContext,
    { number, reason }: { number: number; reason: string },
  ): Promise<Result<FiledLetter, DecideLetterReason>> => {
    const loaded = await loadLetter(ctx, number, "discarded");
    if (!loaded.ok) return loaded;
    const trimmed = reason.trim();
    if (trimmed === "") return fail({ code: "reason_needed", number });
    if (trimmed.length > maxReasonLength) {
      return fail({ code: "reason_too_long", length: trimmed.length, maxLength: maxReasonLength });
    }
    return decide(ctx, loaded.value, "discarded", trimmed, []);
  },
);

type Decision = "retried" | "discarded";

/** Whether the letter may still be decided so, for a form that asks for the reason first. */
export const loadLetter = async (
  ctx: VerbContext,
  number: number,
  to: Decision,
): Promise<Result<FiledLetter, Refused | Exclude<DecideLetterReason, { code: "conflict" }>>> => {
  const [session, letter] = await openSession(ctx, deadLetterQuery(ctx.db, ctx.workspaceId, number));
  const allowed = permit(session, "deadLetters");
  if (!allowed.ok) return allowed;
  if (!letter) return fail({ code: "no_such_letter", number });
  return canMove("dead_letter", letter.state, to) ? ok(letter) : settled(letter);
};

const settled = ({ number, state, decidedBy, decidedAt }: FiledLetter) =>
  fail({ code: "letter_settled" as const, number, state, decidedBy, decidedAt });

const decide = async (
  ctx: VerbContext,
  letter: FiledLetter,
  to: Decision,
  reason: string | null,
  effects: D1PreparedStatement[],
): Promise<Result<FiledLetter, DecideLetterReason>> => {
  const { db, workspaceId } = ctx;
  const decided = { by: ctx.actor.id, at: nowOf(ctx), reason };
  const value: FiledLetter = {
    ...letter,
    state: to,
    retries: letter.retries + (to === "retried" ? 1 : 0),
    decidedBy: decided.by,
    decidedAt: decided.at,
    reason,
  };
  const written = await commitBatch(
    ctx,
    { value },
    [decideDeadLetter(db, { workspaceId, id: letter.id }, to, decided), expectChanges(db), ...effects],
    { type: `dead_letter.${to}`, data: { letterId: letter.id, queue: letter.queue, ...(reason ? { reason } : {}) } },
  );
  if (written.ok) return ok(value);
  if (written.reason.code !== "conflict") return written;
  // Somebody was faster: say what they did.
  const again = await loadLetter(ctx, letter.number, to);
  return again.ok ? written : again;
};

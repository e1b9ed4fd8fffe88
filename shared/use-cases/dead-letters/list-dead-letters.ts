import { type Result, fail, ok } from "../../result.ts";
import {
  type FiledDeadLetter,
  deadLetterQuery,
  deadLetterPageQueries,
} from "../../storage/dead-letters/dead-letters.ts";
import type { UseCaseContext } from "../context.ts";
import { type Pages, pageOf } from "../pages.ts";
import { type ReadRefusal, type Refused, openSession, permit } from "../session.ts";

export interface DeadLetterPage extends Pages {
  deadLetters: FiledDeadLetter[];
}

/** Messages that could not be delivered, newest first, by page; with `all` also those that are settled. */
export const listDeadLetters = async (
  ctx: UseCaseContext,
  { limit, before, all }: { limit: number; before: number | null; all: boolean },
): Promise<Result<DeadLetterPage, Refused>> => {
  const [session, deadLetters, above] = await openSession(
    ctx,
    ...deadLetterPageQueries(ctx.workspaceId, all, { before, limit }),
  );
  const allowed = permit(session, "deadLetters");
  if (!allowed.ok) return allowed;
  const { shown, pages } = pageOf(deadLetters, above, limit, ({ number }) => number);
  return ok({ deadLetters: shown, ...pages });
};

export const showDeadLetter = async (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<FiledDeadLetter, ReadRefusal<"dead_letter_not_found">>> => {
  const [session, deadLetter] = await openSession(ctx, deadLetterQuery(ctx.workspaceId, number));
  const allowed = permit(session, "deadLetters");
  if (!allowed.ok) return allowed;
  return deadLetter ? ok(deadLetter) : fail({ code: "dead_letter_not_found", number });
};

import { type Result, fail, ok } from "../../result.ts";
import {
  type FiledLetter,
  deadLetterNumbersFromQuery,
  deadLetterQuery,
  deadLettersBeforeQuery,
} from "../../storage/dead-letters/dead-letters.ts";
import type { VerbContext } from "../context.ts";
import { type Pages, pagesOf } from "../pages.ts";
import { type Refused, openSession, permit } from "../session.ts";

export interface LetterPage extends Pages {
  letters: FiledLetter[];
}

export interface NoSuchLetter {
  code: "no_such_letter";
  number: number;
}

/** Messages that could not be delivered, newest first, by page; with `all` also those that are settled. */
export const listDeadLetters = async (
  ctx: VerbContext,
  { limit, before, all }: { limit: number; before: number | null; all: boolean },
): Promise<Result<LetterPage, Refused>> => {
  const { db, workspaceId } = ctx;
  const [session, letters, above] = await openSession(
    ctx,
    deadLettersBeforeQuery(db, workspaceId, { before, all, limit: limit + 1 }),
    deadLetterNumbersFromQuery(db, workspaceId, { from: before ?? 0, all, limit: before === null ? 0 : limit + 1 }),
  );
  const allowed = permit(session, "deadLetters");
  if (!allowed.ok) return allowed;
  const pages = pagesOf(
    letters.map(({ number }) => number),
    above,
    limit,
  );
  return ok({ letters: letters.slice(0, limit), ...pages });
};

export const showDeadLetter = async (
  ctx: VerbContext,
  number: number,
): Promise<Result<FiledLetter, Refused | NoSuchLetter>> => {
  const [session, letter] = await openSession(ctx, deadLetterQuery(ctx.db, ctx.workspaceId, number));
  const allowed = permit(session, "deadLetters");
  if (!allowed.ok) return allowed;
  return letter ? ok(letter) : fail({ code: "no_such_letter", number });
};

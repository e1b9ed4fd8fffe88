import type { Refusal } from "../../contract/refusals.ts";
import { type Result, fail } from "../../result.ts";
import { read } from "../../storage/database.ts";
import type { Change } from "../../domain/staging/change.ts";
import { isUnreadableChange } from "../../domain/unreadable-row.ts";
import { summaryOfChange } from "../../domain/staging/summary.ts";
import { committedChangeQuery, discardStaged, stagedQuery } from "../../storage/staging/changes.ts";
import { invalidateOverlapping } from "../../storage/commits/overlaps.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type WriteRefusal, allows, commitBatch, openSession, permit, repeatable } from "../session.ts";

export type UnstageReason = WriteRefusal<"nothing_staged" | "change_not_found" | "change_committed" | "not_author">;

export interface Unstaged {
  changes: Change[];
  /** Numbers of those that could not be read. */
  unreadable: number[];
}

/** Discards staged changes by number, or all of the acting person's own. */
export const unstageChanges = repeatable(
  async (ctx: UseCaseContext, input: { numbers: number[] | "all" }): Promise<Result<Unstaged, UnstageReason>> => {
    const [session, staged] = await openSession(ctx, stagedQuery(ctx.workspaceId));
    const allowed = permit(session, "stage");
    if (!allowed.ok) return allowed;

    const { numbers } = input;
    // Nobody can say whose it is: it counts as somebody else's.
    const unreadable = session.unreadable
      .filter(isUnreadableChange)
      .filter(({ number }) => numbers !== "all" && numbers.includes(number));
    const chosen =
      numbers === "all"
        ? staged.filter(({ createdBy }) => createdBy === ctx.actor.id)
        : staged.filter(({ number }) => numbers.includes(number));
    if (numbers !== "all") {
      const missing = numbers.filter((number) => ![...staged, ...unreadable].some((each) => each.number === number));
      if (missing.length > 0) return fail(await whyMissing(ctx, missing));
    }
    if (chosen.length + unreadable.length === 0) return fail({ code: "nothing_staged" });
    if (unreadable.length > 0) {
      const may = permit(session, "changeOthers");
      if (!may.ok) return may;
    }
    const foreign = chosen.find(({ createdBy }) => createdBy !== ctx.actor.id);
    if (foreign && !allows(session, "changeOthers")) {
      return fail({ code: "not_author", number: foreign.number, author: foreign.createdBy });
    }

    const at = atNow(ctx);
    const ids = [...chosen, ...unreadable].map(({ id }) => id);
    const unstaged = chosen.map((change): Change => ({ ...change, state: "discarded" }));
    return commitBatch(
      ctx,
      { changes: unstaged, unreadable: unreadable.map(({ number }) => number) },
      [discardStaged(at, ids), invalidateCards(at, ids), invalidateOverlapping(at, ids)],
      ...chosen.map((change) => ({
        type: "change.discarded" as const,
        data: { changeId: change.id, summary: summaryOfChange(change, staged) },
      })),
      ...unreadable.map(({ id, cause }) => ({
        type: "change.discarded" as const,
        data: { changeId: id, summary: `cannot be read: ${cause}` },
      })),
    );
  },
);

/** A change that has become part of a commit since is named with it: reopening the commit stages it again. */
const whyMissing = async (
  { db, workspaceId }: UseCaseContext,
  missing: number[],
): Promise<Refusal<"change_not_found" | "change_committed">> => {
  const [number = 0] = missing;
  const [commit] = await read(db, committedChangeQuery(workspaceId, number));
  return commit ? { code: "change_committed", number, commit } : { code: "change_not_found", numbers: missing };
};

import { type Result, fail } from "../../result.ts";
import type { Change } from "../../domain/staging/change.ts";
import { isUnreadableChange } from "../../domain/unreadable-row.ts";
import { summaryOfChange } from "../../domain/staging/summary.ts";
import { discardStaged, stagedQuery } from "../../storage/staging/changes.ts";
import { invalidateOverlapping } from "../../storage/commits/overlaps.ts";
import { invalidateCards } from "../../storage/cards.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import { type WriteRefusal, allows, commitBatch, openSession, permit, repeatable } from "../session.ts";

export type UnstageReason = WriteRefusal<"nothing_staged" | "change_not_found" | "not_author">;

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
      if (missing.length > 0) return fail({ code: "change_not_found", numbers: missing });
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

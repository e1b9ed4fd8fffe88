/** The action items of a person by page, with what a list shows of each commit: two round trips, however many. */
import type { Commit } from "../../domain/commits/commit.ts";
import { minuteMs } from "../../domain/time.ts";
import type { ActionItem, Step } from "../../domain/workspace/action-items.ts";
import { type Result, ok } from "../../result.ts";
import { type UseCaseContext, inMs } from "../context.ts";
import { type CommitCard, readCards } from "../commits/read-cards.ts";
import type { Refused } from "../session.ts";
import { type ActionItemList, listActionItems } from "./list-action-items.ts";

export interface WorkList extends Pick<ActionItemList, "actionItems" | "onTheWay" | "waiting" | "down"> {
  /** Commits of which a push ended a short time ago, and that are in no other list; newest first. */
  finished: Commit[];
  /** Of each whole list. */
  counts: { actionItems: number; onTheWay: number; waiting: number };
  /** How many of each list come before the next page; null on the last one. */
  next: number | null;
  /** Of each commit that is listed, by its id. */
  cards: ReadonlyMap<string, CommitCard>;
}

/** How long a push that has ended is listed. */
export const finishedForMs = 10 * minuteMs;

const isStep = (item: ActionItem): item is Step => "who" in item;

/** @param after leaves out so many of each list */
export const listWork = async (
  ctx: UseCaseContext,
  { limit, after }: { limit: number; after: number },
): Promise<Result<WorkList, Refused>> => {
  const listed = await listActionItems(ctx, { finishedSince: inMs(ctx, -finishedForMs) });
  if (!listed.ok) return listed;
  const { session, touches, down, ...every } = listed.value;
  const listedIds = new Set<string>();
  /** A commit stands once, with its first step: what comes later depends on it. */
  const once = <T extends ActionItem>(items: readonly T[]): T[] =>
    items.filter((item) => {
      if (!isStep(item)) return true;
      const isNew = !listedIds.has(item.commit.id);
      listedIds.add(item.commit.id);
      return isNew;
    });
  const all = { actionItems: once(every.actionItems), onTheWay: every.onTheWay, waiting: once(every.waiting) };
  const page = <T>(items: readonly T[]): T[] => items.slice(after, after + limit);
  const [actionItems, onTheWay, waiting] = [page(all.actionItems), page(all.onTheWay), page(all.waiting)];
  const counts = {
    actionItems: all.actionItems.length,
    onTheWay: all.onTheWay.length,
    waiting: all.waiting.length,
  };
  for (const { commit } of all.onTheWay) listedIds.add(commit.id);
  const finished = after === 0 ? every.finished.filter(({ id }) => !listedIds.has(id)) : [];
  const commits = new Map(
    [...actionItems.filter(isStep), ...onTheWay, ...waiting].map(({ commit }) => [commit.id, commit]),
  );
  for (const commit of finished) commits.set(commit.id, commit);
  const cards = await readCards(ctx, session, [...commits.values()], touches);
  return ok({
    actionItems,
    onTheWay,
    waiting,
    down,
    finished,
    counts,
    next: after + limit < Math.max(...Object.values(counts)) ? after + limit : null,
    cards: new Map(cards.map((card) => [card.commit.id, card])),
  });
};

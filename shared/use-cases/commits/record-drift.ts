/** Records the conflicts of a commit when they are found, for cards and lists, which do not ask the targets. */
import type { Commit } from "../../domain/commits/commit.ts";
import type { Conflict } from "../../domain/commits/conflict.ts";
import { type Drift, driftOf, isSameDrift } from "../../domain/commits/drift.ts";
import { isClosedCommit } from "../../domain/states.ts";
import { systemActor } from "../../domain/workspace/actor.ts";
import { invalidateCards, invalidateHomes, invalidatePushesOfCommit } from "../../storage/cards.ts";
import { setDrift } from "../../storage/commits/commit-targets.ts";
import type { Batch } from "../../storage/database.ts";
import { type NewEvent, insertEvent } from "../../storage/events/events.ts";
import { mustChange } from "../../storage/database.ts";
import type { At } from "../../storage/sql.ts";
import { write } from "../../storage/write.ts";
import { type UseCaseContext, atNow } from "../context.ts";
import type { CommitDetails } from "./load-commit.ts";

/** Who finds out: a read, or another commit. */
const finder = systemActor("drift");

interface Found {
  target: string;
  drift: Drift | null;
}

export const driftedEvent = ({ id }: Pick<Commit, "id">, found: readonly Found[]): NewEvent => ({
  type: "commit.drifted",
  commitId: id,
  data: {
    targets: found.map(({ target }) => target),
    count: Math.max(0, ...found.map(({ drift }) => drift?.count ?? 0)),
  },
});

/** What the cards of a commit, and of its pushes, say of it is out of date. */
export const invalidateCommit = (at: At, { id }: Pick<Commit, "id">): Batch => [
  invalidateCards(at, [id]),
  invalidatePushesOfCommit(at, id),
];

/**
 * Writes only what is news: looking again costs nothing. Where the commit has other content by then nothing is written,
 * and the next look says how that one stands.
 * @param found by target that has answered: its conflicts with the commit
 */
export const recordDrift = async (
  ctx: UseCaseContext,
  { commit, targets }: Pick<CommitDetails, "commit" | "targets">,
  found: readonly { target: string; conflicts: readonly Conflict[] }[],
): Promise<void> => {
  if (isClosedCommit(commit)) return;
  const news = found
    .map(({ target, conflicts }): Found => ({ target, drift: driftOf(conflicts) }))
    .filter(({ target, drift }) =>
      targets.some((each) => each.target === target && each.state !== "applied" && !isSameDrift(each.drift, drift)),
    );
  if (news.length === 0) return;
  const at = atNow(ctx);
  await write(ctx, [
    ...news.map(({ target, drift }) => mustChange(setDrift(at, commit, target, drift))),
    invalidateCommit(at, commit),
    invalidateHomes(at),
    insertEvent(at, driftedEvent(commit, news), finder, ctx.traceId),
  ]);
};

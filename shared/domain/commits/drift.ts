/** A commit's conflicts as they were found last, and what follows from other commits for them. */
import * as z from "zod/mini";
import { fieldValue } from "../portfolio/entity.ts";
import { entityTypes } from "../portfolio/registry.ts";
import { type Change, actions } from "../staging/change.ts";
import { type Operation, netEffect } from "../staging/net-effect.ts";
import { type Conflict, type LiveRow, conflictKinds, conflictOf, groupConflicts, shownConflicts } from "./conflict.ts";
import type { AppliedChange } from "./history.ts";
import { type CommitTargetState, type ReviewState, isClosedCommit } from "../states.ts";

export const driftSchema = z.object({
  /** The first of them. */
  conflicts: z.array(
    z.object({
      targets: z.array(z.string()),
      entityType: z.enum(entityTypes),
      entityId: z.string(),
      name: z.string(),
      action: z.enum(actions),
      kind: z.enum(conflictKinds),
      fields: z.array(z.object({ field: z.string(), base: fieldValue, live: fieldValue, yours: fieldValue })),
    }),
  ),
  /** How many rows are in conflict. */
  count: z.int(),
});
/** The conflicts at one target, as they were found last. */
export type Drift = z.infer<typeof driftSchema>;

/** Of a target: what a card shows, and little enough for a list of many commits. */
const maxKept = { rows: 3, characters: 4000 } as const;

/** What is recorded of conflicts; null where there are none. A row that waits for another commit is right as it is. */
export const driftOf = (conflicts: readonly Conflict[]): Drift | null => {
  const own = conflicts.filter(({ kind }) => kind !== "not_yet");
  return own.length === 0 ? null : shownConflicts(own, maxKept);
};

/** The row as a target shows it after what others have applied; undefined where it is unknown. */
const liveAfter = ({ base }: Operation, applied: readonly AppliedChange[]): LiveRow | null | undefined => {
  if (base.seen === "unknown") return undefined;
  let live: LiveRow | null = base.seen === "row" ? { version: base.version, values: base.values } : null;
  for (const { action, payload } of applied) {
    if (action === "DELETE") live = null;
    else if (action === "CREATE") live = { version: "", values: payload };
    else if (live) live = { version: live.version, values: { ...live.values, ...payload } };
  }
  return live;
};

const isSameRow = (a: Pick<Change, "entityType" | "entityId">, b: Pick<Change, "entityType" | "entityId">): boolean =>
  a.entityType === b.entityType && a.entityId === b.entityId;

/** With the fields that were in conflict before, and that nobody has applied since. */
const withEarlier = (
  conflict: Conflict | null,
  earlier: Conflict | undefined,
  applied: readonly AppliedChange[],
): Conflict | null => {
  if (conflict?.kind === "gone" || earlier?.kind !== "changed") return conflict;
  const kept = earlier.fields.filter(({ field }) => !applied.some(({ payload }) => field in payload));
  if (kept.length === 0) return conflict;
  const others = (conflict?.fields ?? []).filter(({ field }) => !kept.some((each) => each.field === field));
  return { ...(conflict ?? earlier), fields: [...kept, ...others] };
};

/**
 * The conflicts of a commit at a target after others were applied there, as far as it follows from staging alone.
 * What was recorded before of other rows, and of fields that nobody has applied since, stays.
 * @param applied since the changes were last read, oldest first
 */
export const driftAfter = (
  target: string,
  changes: readonly Change[],
  applied: readonly AppliedChange[],
  before: Drift | null,
): Drift | null => {
  const here = applied.filter((each) => each.target === target);
  const found = netEffect(changes, target).flatMap((operation): Conflict[] => {
    const own = here.filter((each) => isSameRow(each, operation));
    const live = liveAfter(operation, own);
    if (own.length === 0 || live === undefined) return [];
    const earlier = before?.conflicts.find((each) => isSameRow(each, operation));
    const conflict = withEarlier(conflictOf(target, operation, live), earlier, own);
    return conflict ? [conflict] : [];
  });
  const untouched = (before?.conflicts ?? []).filter((each) => !here.some((other) => isSameRow(other, each)));
  const left = driftOf([...untouched, ...found]);
  const unseen = (before?.count ?? 0) - (before?.conflicts.length ?? 0);
  return left && { ...left, count: left.count + unseen };
};

/** Somebody has changed what it changes, and it is still to be pushed. */
export const isDrifted = (commit: { review: ReviewState; drifted: readonly string[] }): boolean =>
  !isClosedCommit(commit) && commit.review !== "rejected" && commit.drifted.length > 0;

/** The recorded conflicts of all targets; those that have it do not count. */
export const knownConflicts = (targets: readonly { state: CommitTargetState; drift: Drift | null }[]): Drift => {
  const drifts = targets.flatMap(({ state, drift }) => (state === "applied" || !drift ? [] : [drift]));
  const conflicts = groupConflicts(drifts.flatMap((drift) => drift.conflicts));
  const unseen = Math.max(0, ...drifts.map((drift) => drift.count - drift.conflicts.length));
  return { conflicts, count: conflicts.length + unseen };
};

export const isSameDrift = (a: Drift | null, b: Drift | null): boolean => JSON.stringify(a) === JSON.stringify(b);

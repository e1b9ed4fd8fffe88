/** The conflicts of a commit, as the targets show its rows now. */
import { type Conflict, groupConflicts } from "../../domain/commits/conflict.ts";
import { type OpenTargets, conflictsOf } from "../../domain/commits/resolve.ts";
import type { Commit } from "../../domain/commits/commit.ts";
import { isClosedCommit } from "../../domain/states.ts";
import { type Result, ok } from "../../result.ts";
import type { UseCaseContext } from "../context.ts";
import { seenOf } from "../pushes/drifted.ts";
import { readLive } from "../pushes/read-rows.ts";
import type { ReadRefusal, Session } from "../session.ts";
import { recordDrift } from "./record-drift.ts";
import { type CommitDetails, loadCommit } from "./load-commit.ts";

export interface ConflictList {
  commit: Commit;
  /** At the targets that have not applied the commit; those that are the same at several are named once. */
  conflicts: Conflict[];
  /** Targets that could not be asked. */
  unanswered: string[];
  /** Stands for what the conflicts are now: `seen` of what is chosen about them. */
  seen: string;
}

export const listConflicts = async (
  ctx: UseCaseContext,
  number: number,
): Promise<Result<ConflictList, ReadRefusal<"commit_not_found">>> => {
  const loaded = await loadCommit(ctx, number, "read");
  if (!loaded.ok) return loaded;
  const { commit } = loaded.value;
  const { conflicts, unanswered, seen } = await lookAt(ctx, loaded.value);
  return ok({ commit, conflicts: groupConflicts(conflicts), unanswered, seen });
};

interface Looked {
  open: OpenTargets;
  conflicts: Conflict[];
  unanswered: string[];
  seen: string;
}

/** Asks the targets that have not applied the commit for its rows. */
export const lookAt = async (
  ctx: UseCaseContext,
  { session, commit, changes, targets }: CommitDetails & { session: Session },
): Promise<Looked> => {
  const asked = isClosedCommit(commit)
    ? []
    : session.targets.filter(({ name }) => targets.some(({ target, state }) => target === name && state !== "applied"));
  const { liveOf, unanswered } = await readLive(
    ctx,
    asked,
    changes.filter(({ action }) => action !== "CREATE"),
  );
  const open: OpenTargets = { targets: asked.map(({ name }) => name), liveOf };
  const conflicts = conflictsOf(changes, open);
  const answered = open.targets.filter((target) => !unanswered.includes(target));
  await recordDrift(ctx, { commit, targets }, byTarget(conflicts, answered));
  return { open, conflicts, unanswered, seen: await seenOf(commit, conflicts) };
};

const byTarget = (conflicts: readonly Conflict[], targets: readonly string[]) =>
  targets.map((target) => ({ target, conflicts: conflicts.filter((each) => each.targets.includes(target)) }));

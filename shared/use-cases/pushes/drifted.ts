/** The refusal of a push whose rows somebody else has changed since. */
import type { Refusal } from "../../contract/refusals.ts";
import type { Commit } from "../../domain/commits/commit.ts";
import { type Conflict, groupConflicts, shownConflicts } from "../../domain/commits/conflict.ts";
import { conflictsText } from "../../domain/commits/resolve.ts";
import { sha256Hex } from "../../digest.ts";
import { fail } from "../../result.ts";

/** Stands for what a person looks at: other values, or another content of the commit, have another. */
export const seenOf = ({ hash }: Pick<Commit, "hash">, conflicts: readonly Conflict[]): Promise<string> =>
  sha256Hex(conflictsText(hash, conflicts));

/** @param conflicts at each target; those that are the same are named once */
export const drifted = async (
  commit: Pick<Commit, "number" | "hash">,
  conflicts: readonly Conflict[],
): Promise<{ ok: false; reason: Refusal<"drifted"> }> =>
  fail({
    code: "drifted",
    number: commit.number,
    targets: [...new Set(conflicts.flatMap(({ targets }) => targets))],
    ...shownConflicts(groupConflicts(conflicts)),
    seen: await seenOf(commit, conflicts),
  });

/** What to advise after a decision: only what the person can do with the commit at that moment. */
import { type PushStep, checksOf, pushStep } from "../../domain/commits/checks.ts";
import type { UseCaseContext } from "../context.ts";
import { type LoadedCommit, oversizedOf, supersededOf } from "../commits/load-commit.ts";

/** By what the database says: the targets are asked by the push itself. Null: nothing, or not for this person. */
export const nextPush = (ctx: UseCaseContext, loaded: LoadedCommit): PushStep | null => {
  const { session, commit, changes, targets, jobs, judgement } = loaded;
  return pushStep(
    checksOf({
      commit,
      reader: { userId: ctx.actor.id, role: session.role },
      members: session.members,
      judgement,
      changes: changes.length,
      targets,
      jobs,
      superseded: supersededOf(loaded),
      oversized: oversizedOf(loaded),
      // As they were found last.
      answers: targets.flatMap(({ target, state, drift }) =>
        drift && state !== "applied" ? [{ target, conflicts: drift.conflicts }] : [],
      ),
    }),
  );
};

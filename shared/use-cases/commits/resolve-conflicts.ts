/** What people choose about a commit's conflicts: theirs, their own, or another value. */
import { groupConflicts, shownConflicts } from "../../domain/commits/conflict.ts";
import {
  type Choice,
  type Resolved,
  conflictsOf,
  isAbout,
  recreations,
  resolveChanges,
} from "../../domain/commits/resolve.ts";
import { entityOf } from "../../domain/portfolio/registry.ts";
import { checkValues } from "../../domain/staging/values.ts";
import { isClosedCommit, isOpenJob } from "../../domain/states.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { UseCaseContext } from "../context.ts";
import { drifted } from "../pushes/drifted.ts";
import { type Session, type WriteRefusal, allows, repeatable } from "../session.ts";
import { lookAt } from "./list-conflicts.ts";
import { type CommitDetails, loadCommit } from "./load-commit.ts";
import { type ConflictsResolved, writeResolved } from "./write-resolved.ts";

export interface ResolveInput {
  number: number;
  choices: readonly Choice[];
  /** `seen` of the conflicts that the person looked at: others are refused. Null when typed without looking. */
  seen: string | null;
}

export type ResolveReason = WriteRefusal<
  | "commit_not_found"
  | "not_author"
  | "already_closed"
  | "already_decided"
  | "already_applied"
  | "push_in_progress"
  | "no_conflicts"
  | "conflicts_changed"
  | "drifted"
  | "invalid_values"
>;

/**
 * Rewrites a commit's changes on top of what is live at the targets that have not applied it. An approval stays where
 * the content is the same. A commit of which nothing is left is dropped.
 */
export const resolveConflicts = repeatable(
  async (ctx: UseCaseContext, input: ResolveInput): Promise<Result<ConflictsResolved, ResolveReason>> => {
    const loaded = await loadCommit(ctx, input.number, "resolve");
    if (!loaded.ok) return loaded;
    const details = loaded.value;
    const allowed = checkResolvable(ctx, details);
    if (!allowed.ok) return allowed;

    const { conflicts, unanswered, seen, open } = await lookAt(ctx, details);
    const { number } = input;
    if (conflicts.length === 0) return fail({ code: "no_conflicts", number, unanswered });
    const isOther =
      (input.seen !== null && input.seen !== seen) ||
      input.choices.some((choice) => !conflicts.some((conflict) => isAbout(choice, conflict)));
    if (isOther) {
      return fail({ code: "conflicts_changed", number, ...shownConflicts(groupConflicts(conflicts)), seen });
    }

    const choices = checkChoices(input.choices);
    if (!choices.ok) return choices;
    const resolved = resolveChanges(details.changes, open, choices.value, {
      userId: ctx.actor.id,
      newId: ctx.newId,
    });
    const created = checkRecreations(resolved, details.changes);
    if (!created.ok) return created;
    const left = conflictsOf(resolved.changes, open);
    // Only a row that another commit creates can be kept without an effect.
    if (resolved.decided === 0) return drifted(details.commit, left);
    return writeResolved(ctx, details, resolved, { leftAt: left, unanswered });
  },
);

const checkResolvable = (
  ctx: UseCaseContext,
  { session, commit, targets, approvals, jobs }: CommitDetails & { session: Session },
): Result<null, ResolveReason> => {
  const { number, review } = commit;
  if (commit.createdBy !== ctx.actor.id && !allows(session, "changeOthers")) {
    return fail({ code: "not_author", number, author: commit.createdBy });
  }
  if (isClosedCommit(commit)) return fail({ code: "already_closed", number, review });
  if (review === "rejected") {
    const decision = approvals.findLast((approval) => approval.decision === "rejected");
    const { decidedBy = null, decidedAt = null } = decision ?? {};
    return fail({ code: "already_decided", number, review, decidedBy, decidedAt });
  }
  const running = jobs.find((job) => job.dispatchedAt !== null && isOpenJob(job));
  if (running) return fail({ code: "push_in_progress", number, target: running.target, state: running.state });
  return targets.length > 0 && targets.every(({ state }) => state === "applied")
    ? fail({ code: "already_applied", number, targets: targets.map(({ target }) => target) })
    : ok(null);
};

/** Values as they were typed, read as their fields' kinds. */
const checkChoices = (choices: readonly Choice[]): Result<Choice[], ResolveReason> => {
  const checked: Choice[] = [];
  for (const choice of choices) {
    const { row, field, take } = choice;
    if (take === "mine" || take === "theirs" || !row || field === null) {
      checked.push(choice);
      continue;
    }
    const values = checkValues(entityOf(row.entityType), { [field]: take.value }, false);
    if (!values.ok) return values;
    checked.push({ ...choice, take: { value: values.value[field] ?? null } });
  }
  return ok(checked);
};

/** A row that is created again has to be complete. */
const checkRecreations = (resolved: Resolved, before: CommitDetails["changes"]): Result<null, ResolveReason> => {
  for (const { entityType, payload } of recreations(resolved, before)) {
    const values = checkValues(entityOf(entityType), {}, true, payload);
    if (!values.ok) return values;
  }
  return ok(null);
};

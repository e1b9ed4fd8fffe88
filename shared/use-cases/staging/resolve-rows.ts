/** Finds the rows of changes that were staged while no target answered. */
import type { Refusal } from "../../contract/refusals.ts";
import { type Change, isUnresolved } from "../../domain/staging/change.ts";
import { type Result, fail, ok } from "../../result.ts";
import { read } from "../../storage/database.ts";
import { everShownQuery } from "../../storage/staging/changes.ts";
import type { TargetBinding } from "../../storage/pushes/targets.ts";
import type { UseCaseContext } from "../context.ts";
import { readBase } from "./read-base.ts";

/**
 * @param own everything that the author has staged
 * @returns all of `changes`, each with a row that a target has shown, now or before. Asks targets only where a row is
 *   missing.
 */
export const resolveRows = async (
  ctx: UseCaseContext,
  targets: readonly TargetBinding[],
  changes: readonly Change[],
  own: readonly Change[],
): Promise<Result<Change[], Refusal<"row_not_found" | "row_unreadable" | "row_unresolved">>> => {
  const resolved: Change[] = [];
  for (const change of changes) {
    if (!isUnresolved(change)) {
      resolved.push(change);
      continue;
    }
    const its = targets.filter(({ name }) => change.targets.includes(name));
    const earlier = own.filter(({ number }) => number < change.number);
    const row = await readBase(ctx, its, change.entityType, change.entityId, earlier);
    if (!row.ok) return row;
    const found = { ...change, ...row.value };
    const [isShown] = isUnresolved(found) ? await read(ctx.db, everShownQuery(ctx.workspaceId, change)) : [true];
    if (!isShown) {
      return fail({ code: "row_unresolved", number: change.number, typed: change.entityId, targets: change.targets });
    }
    resolved.push(found);
  }
  return ok(resolved);
};

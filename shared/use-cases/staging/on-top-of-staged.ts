/** A change as its author sees it: on top of what else they have staged for the same row. */
import type { Refusal } from "../../contract/refusals.ts";
import { type Change, cachedRow } from "../../domain/staging/change.ts";
import { sameValue } from "../../domain/portfolio/entity.ts";
import { entityOf } from "../../domain/portfolio/registry.ts";
import { netEffect } from "../../domain/staging/net-effect.ts";
import { isSameRow, onTopOf } from "../../domain/staging/on-top-of.ts";
import { periodProblems } from "../../domain/staging/periods.ts";
import type { InvalidValues } from "../../domain/staging/values.ts";
import { type Result, fail, ok } from "../../result.ts";

export type ChangesNothing = Refusal<"no_change" | "already_staged" | "staged_for_deletion">;

/** A change must do something on top of what its author has staged for the row already. */
export const checkAgainstStaged = (change: Change, own: readonly Change[]): Result<null, ChangesNothing> => {
  const before = own.filter((other) => isSameRow(other, change));
  const name = entityOf(change.entityType).displayName(cachedRow(change.base)?.values ?? {}) || change.entityId;
  // A row that is removed at one target may be changed at another.
  const deletion = before.find(
    ({ action, targets }) => action === "DELETE" && targets.some((target) => change.targets.includes(target)),
  );
  if (deletion) return fail({ code: "staged_for_deletion", name, number: deletion.number });
  if (change.action !== "UPDATE") return ok(null);

  const changesSomething = change.targets.some((target) => {
    const seen = change.base[target];
    const earlier = netEffect(before, target)[0]?.values ?? {};
    const current = seen?.seen === "row" ? { ...seen.values, ...earlier } : earlier;
    if (seen?.seen === "unknown" && before.length === 0) return true;
    return Object.entries(change.payload).some(([field, value]) => !sameValue(current[field], value));
  });
  if (changesSomething) return ok(null);
  // What is live may be another value: then it is one's own staged change that sets it.
  const fields = Object.keys(change.payload);
  const isLive = Object.values(change.base).every(
    (base) => base.seen === "row" && fields.every((field) => sameValue(base.values[field], change.payload[field])),
  );
  const setBy = before.findLast(({ payload }) => fields.some((field) => field in payload));
  return isLive || !setBy
    ? fail({ code: "no_change", name, fields })
    : fail({ code: "already_staged", name, fields, number: setBy.number });
};

/**
 * Dates that belong together fit in the row as it would become, at every target: also where the change sets one of the
 * two.
 * @param touched fields that somebody sets now; all of the change when left out
 */
export const checkPeriods = (
  change: Change,
  own: readonly Change[],
  touched: readonly string[] = Object.keys(change.payload),
): Result<null, InvalidValues> => {
  const entity = entityOf(change.entityType);
  const rows = Object.values(onTopOf(change, own)).map((base) => ({
    ...(base.seen === "row" ? base.values : {}),
    ...change.payload,
  }));
  const [problems] = rows.map((row) => periodProblems(entity, row, touched)).filter(({ length }) => length > 0);
  return problems ? fail({ code: "invalid_values", entityType: entity.type, problems }) : ok(null);
};

/**
 * What the changes of a commit amount to at each target, computed here and not by the product: from this follows what
 * is approved, what a push has to send, and what a target holds afterwards.
 */
import type { SimulatedD1 } from "../platform/d1.ts";
import { type TargetName, targetNames } from "./workspaces.ts";

type Values = Record<string, unknown>;
type Base = { seen: "row"; values: Values } | { seen: "absent"; values?: never } | { seen: "unknown"; values?: never };

interface ChangeRow {
  number: number;
  entity_type: string;
  entity_id: string;
  action: Effect["action"];
  payload: string;
  base: string;
  targets: string;
}

export interface Effect {
  entity: string;
  id: string;
  action: "CREATE" | "UPDATE" | "DELETE";
  /** Empty for a DELETE. */
  values: Values;
  base: Base;
}

interface Step {
  number: number;
  entity: string;
  id: string;
  action: Effect["action"];
  values: Values;
  base: Record<string, Base>;
  targets: string[];
}

const stepsOf = (staging: SimulatedD1, commit: string): Step[] =>
  staging
    .rows<ChangeRow>(
      `SELECT number, entity_type, entity_id, action, payload, base, targets FROM staged_changes
       WHERE commit_id = ?1 AND state = 'committed' ORDER BY number`,
      commit,
    )
    .map(({ number, entity_type: entity, entity_id: id, action, payload, base, targets }) => ({
      number,
      entity,
      id,
      action,
      values: JSON.parse(payload) as Values,
      base: JSON.parse(base) as Record<string, Base>,
      targets: JSON.parse(targets) as string[],
    }));

export const isSame = (left: unknown, right: unknown): boolean =>
  JSON.stringify(left ?? null) === JSON.stringify(right ?? null);

/** A field keeps the value that the target has shown when it was first touched. */
const standsOn = ({ base, values }: Effect, later: Base): Base => {
  if (later.seen !== "row" || base.seen === "absent") return base;
  if (base.seen === "unknown") return later;
  return { seen: "row", values: { ...later.values, ...pick(base.values, Object.keys(values)) } };
};

const pick = (values: Values, fields: readonly string[]): Values =>
  Object.fromEntries(fields.map((field) => [field, values[field] ?? null]));

/** One for each row, whatever the other targets have already. */
const allAt = (steps: readonly Step[], target: string): Effect[] => {
  const rows = new Map<string, Effect | null>();
  for (const { entity, id, action, values, base: bases, targets } of steps) {
    if (!targets.includes(target)) continue;
    const key = `${entity}/${id}`;
    const base = bases[target] ?? { seen: "unknown" as const };
    const before = rows.get(key);
    if (!before) rows.set(key, { entity, id, action, values, base });
    else if (action !== "DELETE")
      rows.set(key, { ...before, base: standsOn(before, base), values: { ...before.values, ...values } });
    else if (before.action === "CREATE") rows.set(key, null);
    else rows.set(key, { ...before, base: standsOn(before, base), action, values: {} });
  }
  return [...rows.values()].filter((effect) => effect !== null);
};

/** What a field of a row has already wherever the commit goes is no effect; what one target lacks goes to all. */
const effectsAt = (steps: readonly Step[], target: string): Effect[] => {
  const everywhere = targetNames.flatMap((name) => allAt(steps, name));
  return allAt(steps, target).flatMap((effect): Effect[] => {
    if (effect.action !== "UPDATE") return [effect];
    const isLacking = (field: string): boolean =>
      everywhere.some(
        ({ entity, id, action, base, values }) =>
          entity === effect.entity &&
          id === effect.id &&
          (action !== "UPDATE" ||
            base.seen !== "row" ||
            !isSame(base.values[field], values[field] ?? effect.values[field])),
      );
    const values = Object.fromEntries(Object.entries(effect.values).filter(([field]) => isLacking(field)));
    return Object.keys(values).length > 0 ? [{ ...effect, values }] : [];
  });
};

export type Effects = Record<TargetName, Effect[]>;

/** By target, as the changes of the commit are now. */
export const effectsOf = (staging: SimulatedD1, commit: string): Effects => {
  const steps = stepsOf(staging, commit);
  return Object.fromEntries(targetNames.map((target) => [target, effectsAt(steps, target)])) as Effects;
};

const sorted = (values: Values): [string, unknown][] =>
  Object.entries(values).toSorted(([left], [right]) => (left < right ? -1 : 1));

/** What an approval is of: every effect, with what was there before. */
export const contentText = (effects: Effects): string =>
  JSON.stringify(
    targetNames.map((target) =>
      effects[target]
        .map(({ entity, id, action, values, base }) => {
          const before =
            base.seen !== "row" ? null : action === "DELETE" ? base.values : pick(base.values, Object.keys(values));
          return JSON.stringify([entity, id, action, sorted(values), before && sorted(before)]);
        })
        .toSorted(),
    ),
  );

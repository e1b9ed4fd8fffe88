import { entityOf, isEntityType } from "../../../shared/domain/portfolio/registry.ts";
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { type Effect, type Effects, isSame } from "../world/effects.ts";
import { targetNames } from "../world/workspaces.ts";
import type { World } from "../world/world.ts";
import type { Invariant } from "./invariant.ts";

/** Longer values are cut, and more than these are counted. */
const maxValue = 40;
const maxFields = 3;
const maxNamed = 3;

interface Line {
  effect: Effect;
  changed: string[];
  targets: string[];
}

const textOf = (value: unknown): string => {
  if (Array.isArray(value)) return value.join(", ") || "empty";
  return typeof value === "string"
    ? value || "empty"
    : value === null || value === undefined
      ? "empty"
      : JSON.stringify(value);
};

/** One for each row and each thing that is done with it. */
const linesOf = (effects: Effects): Line[] => {
  const lines = new Map<string, Line>();
  for (const target of targetNames) {
    for (const effect of effects[target]) {
      const { entity, id, action, values, base } = effect;
      const before = base.values ?? {};
      const touched = Object.keys(action === "DELETE" ? before : values);
      const changed = touched.filter((field) => action === "DELETE" || !isSame(before[field], values[field]));
      const diff = changed.map((field) => [field, before[field] ?? null, values[field] ?? null]);
      const key = JSON.stringify([entity, id, action, base.seen, action === "DELETE" ? before : diff]);
      const line = lines.get(key) ?? { effect, changed, targets: [] };
      lines.set(key, { ...line, targets: [...line.targets, target] });
    }
  }
  return [...lines.values()];
};

const nameOf = (entity: string, id: string, effects: Effects): string => {
  const own = targetNames
    .flatMap((target) => effects[target])
    .filter((each) => each.entity === entity && each.id === id);
  const shown = own.map(({ action, values, base }) => base.values ?? (action === "CREATE" ? values : null));
  const first = shown.find((values) => values !== null);
  return (first && isEntityType(entity) ? entityOf(entity).displayName(first as FieldValues) : "") || id;
};

/** The parts that the summary consists of; null where a value is too long to be shown whole. */
const partsOf = ({ effect, changed, targets }: Line, effects: Effects): string[] | null => {
  const { entity, id, action, values, base } = effect;
  const name = nameOf(entity, id, effects);
  const covered = targetNames.filter((target) => effects[target].length > 0);
  const place = targets.length < covered.length ? [` at ${targets.join(" and ")}`] : [];
  if (action !== "UPDATE") return [`${action === "CREATE" ? "New" : "Remove"} ${entity}: ${name}`, ...place];
  if (changed.length > maxFields) return null;
  const texts = changed.flatMap((field) => [textOf(base.values?.[field]), textOf(values[field])]);
  if (texts.some((text) => text.length > maxValue)) return null;
  return [
    `${name}: `,
    ...changed.map(
      (field) => `${field} ${base.seen === "row" ? `${textOf(base.values[field])} ` : ""}→ ${textOf(values[field])}`,
    ),
    ...Array.from({ length: Math.max(0, changed.length - 1) }, () => ", "),
    ...place,
  ];
};

const nouns = { CREATE: "added", UPDATE: "changed", DELETE: "removed" };

const counted = (lines: readonly Line[]): string[] =>
  [...Map.groupBy(lines, ({ effect }) => `${effect.entity} ${effect.action}`).values()].flatMap((same) => {
    const [first] = same;
    if (!first || !isEntityType(first.effect.entity)) return [];
    const { label, plural } = entityOf(first.effect.entity);
    const count = new Set(same.map(({ effect }) => effect.id)).size;
    return [`${count} ${(count === 1 ? label : plural).toLowerCase()} ${nouns[first.effect.action]}`];
  });

/** Whether it consists of these parts, in any order. */
const consistsOf = (summary: string, parts: readonly string[], between: number): boolean =>
  parts.every((part) => summary.includes(part)) &&
  summary.length === parts.reduce((sum, part) => sum + part.length, between);

const fits = (summary: string, effects: Effects): boolean => {
  const lines = linesOf(effects);
  if (lines.length === 0) return summary === "No change";
  if (lines.length > maxNamed) {
    const counts = counted(lines);
    return consistsOf(summary, counts, 2 * (counts.length - 1));
  }
  const parts = lines.map((line) => partsOf(line, effects));
  return (
    parts.some((part) => part === null) ||
    consistsOf(
      summary,
      parts.flatMap((part) => part ?? []),
      2 * (lines.length - 1),
    )
  );
};

const wrongIn = (world: World, commit: string): string[] =>
  world.staging
    .rows<{ number: number; summary: string; review: string }>(
      "SELECT number, summary, review FROM commits WHERE id = ?1",
      commit,
    )
    .filter(({ review }) => review !== "dropped")
    .flatMap(({ number, summary }) => {
      const effects = world.contributions.contentOf(commit);
      return fits(summary, effects)
        ? []
        : [`commit ${number} is called "${summary}", and does ${JSON.stringify(linesOf(effects))}`];
    });

/** It stands beside Approve: nobody wrote it, and it says no more and no less than what the commit does. */
export const summariesFit: Invariant = {
  number: 19,
  words: "a commit's summary says what its operations do",
  afterTransaction: ({ touched }, { world }) =>
    touched.filter(({ kind }) => kind === "commit").flatMap(({ id }) => wrongIn(world, id)),
};

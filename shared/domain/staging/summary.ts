/** What operations do, in a line that nobody wrote: it is derived, so that it can stand where somebody decides. */
import { type Change, cachedRow } from "./change.ts";
import type { FieldDiff } from "./diff.ts";
import { type NetOperation, netOperations, rowCount } from "./net-operations.ts";
import { onTopOf } from "./on-top-of.ts";
import { entityOf } from "../portfolio/registry.ts";
import { firstOf } from "../text.ts";
import { visible } from "../unseen.ts";
import { valueText } from "./list-text.ts";

const maxValue = 40;
/** Of what two long values have in common, before their first difference. */
const keptCharacters = 10;
const maxFields = 3;
/** More operations are counted. */
const maxNamed = 3;

const oneLine = (text: string): string => visible(text).replace(/\s+/g, " ").trim();

const clipped = (text: string): string =>
  text === "" ? "empty" : text.length > maxValue ? `${firstOf(text, maxValue - 1)}…` : text;

/** Where the texts begin to differ, in code units. */
const firstDifference = (a: string, b: string): number => {
  const max = Math.min(a.length, b.length);
  for (let at = 0; at < max; at += 1) if (a.charCodeAt(at) !== b.charCodeAt(at)) return at;
  return max;
};

/** Both from shortly before they differ: two long values must not look the same. */
const sides = (before: string, after: string): [string, string] => {
  const at = firstDifference(before, after);
  const skipped = at > maxValue / 2 ? firstOf(before, at - keptCharacters).length : 0;
  const from = (text: string): string => (skipped === 0 ? clipped(text) : `…${clipped(text.slice(skipped))}`);
  return [from(before), from(after)];
};

/** "experience_years 5 → 8" */
const fieldText = ({ field, before, after }: FieldDiff, base: NetOperation["base"]): string => {
  if (base !== "row") return `${field} → ${clipped(oneLine(valueText(after)))}`;
  const [old, now] = sides(oneLine(valueText(before)), oneLine(valueText(after)));
  return old === now ? `${field} differs in its spaces or items` : `${field} ${old} → ${now}`;
};

const fieldsText = ({ diff, base }: NetOperation): string => {
  const shown = diff.slice(0, maxFields).map((each) => fieldText(each, base));
  return `${shown.join(", ")}${diff.length > maxFields ? ` and ${diff.length - maxFields} more` : ""}`;
};

/** Without the action, for where a sign says it: "Python: experience_years 5 → 8", "technology: Rust". */
export const operationText = (operation: NetOperation): string =>
  operation.action === "UPDATE"
    ? `${visible(operation.name)}: ${fieldsText(operation)}`
    : `${operation.entityType}: ${visible(operation.name)}`;

const prefixes = { CREATE: "New ", UPDATE: "", DELETE: "Remove " } as const;

const nouns = { CREATE: "added", UPDATE: "changed", DELETE: "removed" } as const;

/** "3 technologies changed, 1 project added" */
export const operationCounts = (operations: readonly NetOperation[]): string =>
  [...Map.groupBy(operations, ({ entityType, action }) => `${entityType} ${action}`).values()]
    .flatMap((same) => {
      const [first] = same;
      if (!first) return [];
      const { label, plural } = entityOf(first.entityType);
      const count = rowCount(same);
      return [`${count} ${(count === 1 ? label : plural).toLowerCase()} ${nouns[first.action]}`];
    })
    .join(", ");

/** " at d1cv", where it does not happen at all of these targets. */
export const placeText = ({ targets }: NetOperation, all: readonly string[]): string =>
  targets.length < all.length ? ` at ${targets.join(" and ")}` : "";

/** A few operations one by one, more of them counted; "No change" where nothing is left. */
export const summaryOf = (operations: readonly NetOperation[], targets: readonly string[]): string => {
  if (operations.length === 0) return "No change";
  if (operations.length > maxNamed) return operationCounts(operations);
  return operations
    .map((each) => `${prefixes[each.action]}${operationText(each)}${placeText(each, targets)}`)
    .join("; ");
};

/** What a staged change does, on top of those that its author has staged for the row before it. */
export const operationsOfChange = (change: Change, staged: readonly Change[] = []): NetOperation[] => {
  const earlier = staged.filter(
    ({ createdBy, number, id }) =>
      createdBy === change.createdBy && id !== change.id && (change.number === 0 || number < change.number),
  );
  return netOperations([{ ...change, base: onTopOf(change, earlier) }], change.targets);
};

/** "Python: experience_years 5 → 8", "New technology: Rust", "Remove technology: jQuery" */
export const summaryOfChange = (change: Change, staged: readonly Change[] = []): string =>
  summaryOfOperations(change, operationsOfChange(change, staged));

/** @param operations of the change */
export const summaryOfOperations = (change: Change, operations: readonly NetOperation[]): string =>
  operations.length === 0 ? `${rowName(change)}: no change` : summaryOf(operations, change.targets);

const rowName = ({ base, entityType, entityId }: Change): string =>
  entityOf(entityType).displayName(cachedRow(base)?.values ?? {}) || entityId;

/** What a person calls the row of a change. @param operations of the change */
export const nameOf = (change: Change, operations: readonly NetOperation[] = operationsOfChange(change)): string =>
  operations[0]?.name ?? rowName(change);

export interface Effect {
  rows: number;
  removes: boolean;
}

/** How much operations do. It is never read from a summary: that has names and values which people have written. */
export const effectOf = (operations: readonly NetOperation[]): Effect => ({
  rows: rowCount(operations),
  removes: operations.some(({ action }) => action === "DELETE"),
});

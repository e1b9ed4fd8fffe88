/** The rows that a person can choose from, and how they would leave them. Pure. */
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import type { ApiChange } from "../../../shared/contract/resources.ts";
import type { Row } from "../data/queries.ts";

/** How well a text fits what was typed, 0 best; null when it does not. */
const rankOf = (text: string, typed: string): number | null => {
  if (text.startsWith(typed)) return 0;
  if (text.split(/[^\p{L}\p{N}+#.]+/u).some((word) => word.startsWith(typed))) return 1;
  return text.includes(typed) ? 2 : null;
};

/** Those whose name or id fits, best first; all of them for nothing typed. */
export const matchingRows = (rows: readonly Row[], typed: string): Row[] => {
  const wanted = typed.trim().toLowerCase();
  return rows
    .map((row) => {
      const ranks = [row.name, row.id].map((text) => rankOf(text.toLowerCase(), wanted) ?? Infinity);
      return { row, rank: Math.min(...ranks) };
    })
    .filter(({ rank }) => rank < Infinity)
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ row }) => row);
};

/** By its id, or by its exact name where only one has it, as the server takes it. */
export const rowMeant = (rows: readonly Row[], typed: string): Row | null => {
  const wanted = typed.trim().toLowerCase();
  const named = rows.filter(({ name }) => name.toLowerCase() === wanted);
  return rows.find(({ id }) => id === typed.trim()) ?? (named.length === 1 ? (named[0] ?? null) : null);
};

/** With what the person has staged on top; rows that they have staged to be made are there too. */
export const withStaged = (
  rows: readonly Row[],
  entityType: string,
  own: readonly Pick<ApiChange, "entityType" | "entityId" | "name" | "action" | "payload">[],
): Row[] => {
  const staged = own.filter((change) => change.entityType === entityType);
  const on = (id: string, values: FieldValues): FieldValues =>
    Object.assign({}, values, ...staged.filter(({ entityId }) => entityId === id).map(({ payload }) => payload));
  const made = staged
    .filter(({ action, entityId }) => action === "CREATE" && !rows.some(({ id }) => id === entityId))
    .map(({ entityId, name }) => ({ id: entityId, name, values: on(entityId, {}) }));
  return [...made, ...rows.map((row) => ({ ...row, values: on(row.id, row.values) }))];
};

/** The rows that a person can choose from, with their staged changes applied. Pure. */
import type { FieldValues } from "../../../shared/domain/portfolio/entity.ts";
import { bestMatches } from "../../../shared/domain/staging/best-matches.ts";
import { normalized, searchKey } from "../../../shared/domain/text.ts";
import type { ApiChange } from "../../../shared/contract/resources.ts";
import type { Row } from "../data/queries.ts";

/** Rows whose name or id matches, best first; all rows for an empty text. */
export const matchingRows = (rows: readonly Row[], typed: string): Row[] =>
  bestMatches(rows, typed, ({ name, id }) => [name, id]);

/** Finds a row by id, or by an exact name that is unique, as the server does. */
export const rowMeant = (rows: readonly Row[], typed: string): Row | null => {
  const exact = rows.filter(({ name }) => normalized(name) === normalized(typed.trim()));
  const named = exact.length > 0 ? exact : rows.filter(({ name }) => searchKey(name) === searchKey(typed));
  return rows.find(({ id }) => id === typed.trim()) ?? (named.length === 1 ? (named[0] ?? null) : null);
};

/** Rows with the person's staged changes applied, including rows that they staged for creation. */
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

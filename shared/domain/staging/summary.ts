import { type Base, type Action, cachedRow } from "./change.ts";
import type { FieldValue, FieldValues } from "../portfolio/entity.ts";
import { type EntityType, entityOf } from "../portfolio/registry.ts";
import { firstOf } from "../text.ts";
import { visible } from "../unseen.ts";
import { valueText } from "./list-text.ts";

export interface Described {
  entityType: EntityType;
  entityId: string;
  action: Action;
  payload: FieldValues;
  base: Record<string, Base>;
}

const shown = (value: FieldValue | undefined): string => {
  const text = visible(valueText(value)).replace(/\s+/g, " ");
  if (text === "") return "empty";
  return text.length > 40 ? `${firstOf(text, 39)}…` : text;
};

/** What a person calls the row: its name before the change where it has one, else its new name, else its id. */
export const nameOf = ({ entityType, entityId, payload, base }: Described): string => {
  const known = cachedRow(base)?.values ?? payload;
  return entityOf(entityType).displayName(known) || entityId;
};

/** What changes, in a line: "Python: experience_years 5 → 8", "New technology: Rust", "Remove technology: jQuery". */
export const summaryOf = (change: Described): string => {
  const name = nameOf(change);
  if (change.action === "CREATE") return `New ${change.entityType}: ${name}`;
  if (change.action === "DELETE") return `Remove ${change.entityType}: ${name}`;
  const before = cachedRow(change.base)?.values;
  const fields = Object.entries(change.payload).map(([field, after]) =>
    before ? `${field} ${shown(before[field])} → ${shown(after)}` : `${field} → ${shown(after)}`,
  );
  return `${name}: ${fields.slice(0, 3).join(", ")}${fields.length > 3 ? ` and ${fields.length - 3} more` : ""}`;
};

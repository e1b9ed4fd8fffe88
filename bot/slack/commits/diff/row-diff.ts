/** What changes would do at their targets, row by row and field by field. */
import type { Action, Change } from "../../../../shared/domain/staging/change.ts";
import { diffOf } from "../../../../shared/domain/staging/diff.ts";
import { entityOf } from "../../../../shared/domain/portfolio/registry.ts";
import { diffItems } from "../../../../shared/domain/staging/diff-items.ts";
import type { Piece } from "../../../../shared/domain/staging/diff-words.ts";
import { visible, visibleIn } from "../../../../shared/domain/unseen.ts";
import { valueText } from "../../../../shared/domain/staging/list-text.ts";
import { type Operation, netEffect } from "../../../../shared/domain/staging/net-effect.ts";
import { nameOf } from "../../../../shared/domain/staging/summary.ts";

export interface FieldChange {
  label: string;
  /** "" where the field is empty. */
  before: string;
  after: string;
  /** Long text: what matters is which words have changed. */
  isLong: boolean;
  /** Of a list: what becomes of each item. */
  items: Piece[] | null;
}

export interface RowChange {
  action: Action;
  entityType: string;
  entityId: string;
  name: string;
  fields: FieldChange[];
}

export interface TargetChanges {
  targets: string[];
  rows: RowChange[];
}

const longCharacters = 60;

/**
 * The net effect, so two changes to one row show as one; targets that get the same are shown once. Texts are as they
 * are shown, so that what is measured is what Slack counts.
 */
export const targetChanges = (changes: readonly Change[], targets: readonly string[]): TargetChanges[] => {
  const groups = new Map<string, TargetChanges>();
  for (const target of targets) {
    const rows = netEffect(changes, target).map(rowChange);
    if (rows.length === 0) continue;
    const key = JSON.stringify(rows);
    const same = groups.get(key);
    if (same) same.targets.push(target);
    else groups.set(key, { targets: [target], rows });
  }
  return [...groups.values()];
};

const rowChange = (operation: Operation): RowChange => {
  const { entityType, entityId, values, base, action } = operation;
  const { fields } = entityOf(entityType);
  const named = { entityType, entityId, action, payload: values, base: { any: base } };
  return {
    action,
    entityType,
    entityId,
    name: visible(nameOf(named)).replace(/\s+/g, " ").trim() || entityId,
    fields: action === "DELETE" ? [] : diffOf(operation).map((each) => fieldChange(each, fields[each.field])),
  };
};

const fieldChange = (
  { field, before, after }: ReturnType<typeof diffOf>[number],
  spec: ReturnType<typeof entityOf>["fields"][string] | undefined,
): FieldChange => {
  const [old, now] = [visible(valueText(before)), visible(valueText(after))];
  const isLong = spec?.kind === "multiline" || Math.max(old.length, now.length) > longCharacters;
  return {
    label: spec?.label ?? field,
    before: old,
    after: now,
    isLong,
    items: diffItems(visibleIn(before), visibleIn(after)),
  };
};

/** What a commit, or staged changes, would do: row by row and field by field, as people read it. */
import type { Action } from "../../../../shared/domain/staging/change.ts";
import type { FieldDiff } from "../../../../shared/domain/staging/diff.ts";
import { entityOf } from "../../../../shared/domain/portfolio/registry.ts";
import { diffItems } from "../../../../shared/domain/staging/diff-items.ts";
import type { Piece } from "../../../../shared/domain/staging/diff-words.ts";
import { visible, visibleIn } from "../../../../shared/domain/unseen.ts";
import { valueText } from "../../../../shared/domain/staging/list-text.ts";
import type { NetOperation } from "../../../../shared/domain/staging/net-operations.ts";

export interface FieldChange {
  label: string;
  /** "" where the field is empty; null where it is unknown. */
  before: string | null;
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
 * By target; targets that get the same are shown once. Texts are as they are shown, so that what is measured is what
 * Slack counts.
 */
export const groupsOf = (operations: readonly NetOperation[]): TargetChanges[] =>
  [...Map.groupBy(operations, ({ targets }) => JSON.stringify(targets)).values()].flatMap((group) => {
    const [first] = group;
    return first ? [{ targets: first.targets, rows: group.map(rowChange) }] : [];
  });

const rowChange = (operation: NetOperation): RowChange => {
  const { entityType, entityId, name, action, diff } = operation;
  return {
    action,
    entityType,
    entityId,
    name: visible(name),
    fields: action === "DELETE" ? [] : diff.map((each) => fieldChange(each, operation)),
  };
};

const fieldChange = ({ field, before, after }: FieldDiff, { entityType, action, base }: NetOperation): FieldChange => {
  const spec = entityOf(entityType).fields[field];
  const [old, now] = [visible(valueText(before)), visible(valueText(after))];
  const isLong = spec?.kind === "multiline" || Math.max(old.length, now.length) > longCharacters;
  const isUnknown = action === "UPDATE" && base !== "row";
  return {
    label: spec?.label ?? field,
    before: isUnknown ? null : old,
    after: now,
    isLong,
    items: isUnknown ? null : diffItems(visibleIn(before), visibleIn(after)),
  };
};

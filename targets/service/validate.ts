import { type FieldValues, fieldValue } from "../../shared/domain/portfolio/entity.ts";
import { entityOf, type EntityType } from "../../shared/domain/portfolio/registry.ts";
import { fail, ok, type Result } from "../../shared/result.ts";
import { type Operations } from "../../shared/targets/protocol.ts";
import type { Refusal } from "./refusal.ts";

type Invalid = Extract<Refusal, { code: "invalid_request" }>;

const invalid = (message: string): { ok: false; reason: Invalid } => fail({ code: "invalid_request", message });

/** Checks every value against the entity registry. Returns the operations with normalised values. */
export const validateOperations = (operations: Operations): Result<Operations, Invalid> => {
  const { inserts, updates, deletes } = operations;
  const all = [...inserts, ...updates, ...deletes];
  if (all.length === 0) return invalid("operations: a commit needs at least one");
  const rows = new Set<string>();
  for (const { entityType, id } of all) {
    const row = `${entityType}/${id}`;
    if (rows.has(row)) return invalid(`${row}: at most one operation a row`);
    rows.add(row);
  }

  const checked: Operations = { inserts: [], updates: [], deletes };
  for (const insert of inserts) {
    const values = checkValues(insert, insert.values, { complete: true });
    if (!values.ok) return values;
    checked.inserts.push({ ...insert, values: values.value });
  }
  for (const update of updates) {
    if (Object.keys(update.changes).length === 0) return invalid(`${update.entityType}/${update.id}: no changes`);
    const changes = checkValues(update, update.changes, { complete: false });
    if (!changes.ok) return changes;
    checked.updates.push({ ...update, changes: changes.value });
  }
  return ok(checked);
};

const checkValues = (
  row: { entityType: EntityType; id: string },
  values: FieldValues,
  { complete }: { complete: boolean },
): Result<FieldValues, Invalid> => {
  const { fields } = entityOf(row.entityType);
  const at = (name: string): string => `${row.entityType}/${row.id}: ${name}`;
  const checked: FieldValues = {};
  for (const [name, value] of Object.entries(values)) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field) return invalid(`${at(name)} is not a field of ${row.entityType}`);
    if (value === null) {
      if (field.required) return invalid(`${at(name)} is required and cannot be emptied`);
      checked[name] = null;
      continue;
    }
    const parsed = field.schema.safeParse(value);
    if (!parsed.success) return invalid(`${at(name)} must be ${field.hint}`);
    checked[name] = fieldValue.parse(parsed.data);
  }
  if (complete) {
    const missing = Object.entries(fields).find(([name, field]) => field.required && !Object.hasOwn(checked, name));
    if (missing) return invalid(`${at(missing[0])} is required: ${missing[1].hint}`);
  }
  return ok(checked);
};

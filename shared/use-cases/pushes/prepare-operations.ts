/** Turns a commit's net operations into the request for one target, rebased on the rows as they are now. */
import type { DriftedRow } from "../../domain/commits/checks.ts";
import type { Base } from "../../domain/staging/change.ts";
import { type FieldValues, sameValue } from "../../domain/portfolio/entity.ts";
import { type EntityType, entityOf } from "../../domain/portfolio/registry.ts";
import type { Operation } from "../../domain/staging/net-effect.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { TargetClient, TargetRows } from "../../targets/client.ts";
import type { Operations, TargetRow } from "../../targets/protocol.ts";

/**
 * Fields that nobody touched are rebased: only the version moves. When the target gives no answer the versions read at
 * staging stand, and the target itself refuses what does not fit.
 */
export const prepareOperations = async (
  client: TargetClient,
  operations: readonly Operation[],
): Promise<Result<Operations, { code: "drifted"; drifts: DriftedRow[] }>> => {
  const prepared: Operations = { inserts: [], updates: [], deletes: [] };
  const drifts: DriftedRow[] = [];
  const current = await readCurrent(client, operations);
  for (const operation of operations) {
    const { entityType, entityId: id, action, values } = operation;
    if (action === "CREATE") {
      prepared.inserts.push({ entityType, id, values });
      continue;
    }
    const now = current.get(entityType);
    const row = now?.rows.find((candidate) => candidate.id === id);
    // What cannot be read is there all the same: the target looks at its version.
    const isKnown = now !== undefined && !now.unreadable.some((unreadable) => unreadable.id === id);
    const drift = isKnown ? driftOf(operation, row) : null;
    if (drift) {
      drifts.push(drift);
      continue;
    }
    const ifVersion = row?.version ?? versionOf(operation.base);
    if (action === "DELETE") prepared.deletes.push({ entityType, id, ifVersion });
    else prepared.updates.push({ entityType, id, changes: values, ifVersion });
  }
  return drifts.length > 0 ? fail({ code: "drifted", drifts }) : ok(prepared);
};

const versionOf = (base: Base): string | null => (base.seen === "row" ? base.version : null);

/** The rows as they are now by entity type; a type is left out when the target did not answer. */
const readCurrent = async (
  client: TargetClient,
  operations: readonly Operation[],
): Promise<Map<EntityType, TargetRows>> => {
  const current = new Map<EntityType, TargetRows>();
  const byType = Map.groupBy(
    operations.filter(({ action }) => action !== "CREATE"),
    ({ entityType }) => entityType,
  );
  for (const [entityType, group] of byType) {
    const ids = group.map(({ entityId }) => entityId);
    const answer = await client.rows(entityType, ids);
    if (answer.ok) current.set(entityType, answer.value);
  }
  return current;
};

const driftOf = (operation: Operation, row: TargetRow | undefined): DriftedRow | null => {
  const { entityType, entityId, base, action } = operation;
  const before: FieldValues = base.seen === "row" ? base.values : {};
  const name = entityOf(entityType).displayName(row?.values ?? before) || entityId;
  if (!row) return { entityType, entityId, name, kind: wasAbsent(base) ? "not_yet" : "gone", fields: [] };
  if (base.seen !== "row") return null;
  const touched = action === "DELETE" ? Object.keys(before) : Object.keys(operation.values);
  const fields = touched.filter((field) => !sameValue(before[field], row.values[field]));
  return fields.length > 0 ? { entityType, entityId, name, kind: "changed", fields } : null;
};

/** No target has shown the row to the author: it comes from a change that was staged before. */
const wasAbsent = (base: Base): boolean => base.seen === "absent" || (base.seen === "row" && base.version === "");

/** Turns a commit's net operations into the request for one target, rebased on the rows as they are now. */
import { type Conflict, conflictOf } from "../../domain/commits/conflict.ts";
import type { Base } from "../../domain/staging/change.ts";
import type { Operation } from "../../domain/staging/net-effect.ts";
import { type Result, fail, ok } from "../../result.ts";
import type { TargetClient } from "../../targets/client.ts";
import type { Operations } from "../../targets/protocol.ts";
import { readRows } from "./read-rows.ts";

interface Prepared {
  operations: Operations;
  /** The target has said how all of its rows are. */
  isCompared: boolean;
}

/**
 * Fields that nobody touched are rebased: only the version moves. When the target gives no answer the versions read at
 * staging stand, and the target itself refuses what does not fit.
 */
export const prepareOperations = async (
  client: TargetClient,
  target: string,
  operations: readonly Operation[],
): Promise<Result<Prepared, { code: "drifted"; conflicts: Conflict[] }>> => {
  const prepared: Operations = { inserts: [], updates: [], deletes: [] };
  const conflicts: Conflict[] = [];
  let isCompared = true;
  const current = await readRows(
    client,
    operations.filter(({ action }) => action !== "CREATE"),
  );
  for (const operation of operations) {
    const { entityType, entityId: id, action, values } = operation;
    if (action === "CREATE") {
      prepared.inserts.push({ entityType, id, values });
      continue;
    }
    const row = current(operation);
    if (row === undefined) isCompared = false;
    const conflict = row === undefined ? null : conflictOf(target, operation, row);
    if (conflict) {
      conflicts.push(conflict);
      continue;
    }
    const ifVersion = row?.version ?? versionOf(operation.base);
    if (action === "DELETE") prepared.deletes.push({ entityType, id, ifVersion });
    else prepared.updates.push({ entityType, id, changes: values, ifVersion });
  }
  return conflicts.length > 0 ? fail({ code: "drifted", conflicts }) : ok({ operations: prepared, isCompared });
};

/** The same without a look at the target. */
export const prepareBlind = (operations: readonly Operation[]): Operations => {
  const prepared: Operations = { inserts: [], updates: [], deletes: [] };
  for (const { entityType, entityId: id, action, values, base } of operations) {
    if (action === "CREATE") prepared.inserts.push({ entityType, id, values });
    else if (action === "DELETE") prepared.deletes.push({ entityType, id, ifVersion: versionOf(base) });
    else prepared.updates.push({ entityType, id, changes: values, ifVersion: versionOf(base) });
  }
  return prepared;
};

const versionOf = (base: Base): string | null => (base.seen === "row" ? base.version : null);

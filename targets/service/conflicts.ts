import type { Conflict, Operations } from "../../shared/targets/protocol.ts";
import { readNamedRows, rowKey, type Deletes } from "./rows.ts";

/** Returns every operation that conflicts with the current rows. */
export const findConflicts = async (
  db: D1Database,
  deletes: Deletes,
  portfolioId: string,
  operations: Operations,
): Promise<Conflict[]> => {
  const changed = [...operations.updates, ...operations.deletes];
  const rows = await readNamedRows(db, deletes, portfolioId, [...operations.inserts, ...changed]);
  const conflicts: Conflict[] = [];
  for (const { entityType, id } of operations.inserts) {
    const row = rows.get(rowKey({ entityType, id }));
    if (row) conflicts.push({ entityType, id, reason: "exists", expected: null, actual: String(row.version) });
  }
  for (const { entityType, id, ifVersion } of changed) {
    const row = rows.get(rowKey({ entityType, id }));
    if (!row || row.deletedAt !== null) {
      conflicts.push({ entityType, id, reason: "missing", expected: ifVersion, actual: null });
    } else if (ifVersion !== null && ifVersion !== String(row.version)) {
      conflicts.push({ entityType, id, reason: "version", expected: ifVersion, actual: String(row.version) });
    }
  }
  return conflicts;
};

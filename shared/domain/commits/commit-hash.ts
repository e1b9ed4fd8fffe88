import { sha256Hex } from "../../digest.ts";
import type { Change } from "../staging/change.ts";
import { type Operation, netEffect, targetsOf } from "../staging/net-effect.ts";
import { type CancelledRow, cancelledRows, netOperations, rowCount } from "../staging/net-operations.ts";
import { summaryOf } from "../staging/summary.ts";

/** JSON with sorted keys, so that equal content gives equal text. */
export const canonicalJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === "object" && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );

/** The operation and the base values of its fields; without versions, so that an identical rebase keeps the hash. */
const hashed = ({ entityType, entityId, action, values, base }: Operation): unknown => ({
  entityType,
  entityId,
  action,
  values,
  before:
    base.seen !== "row"
      ? null
      : action === "DELETE"
        ? base.values
        : Object.fromEntries(Object.keys(values).map((field) => [field, base.values[field] ?? null])),
});

/** SHA-256 in hex of a commit's net operations for every target: what an approval is bound to. */
export const commitHash = async (changes: readonly Change[], targets: readonly string[]): Promise<string> => {
  const content = Object.fromEntries(
    targets.map((target) => [
      target,
      netEffect(changes, target)
        .toSorted((a, b) => (`${a.entityType}/${a.entityId}` < `${b.entityType}/${b.entityId}` ? -1 : 1))
        .map(hashed),
    ]),
  );
  return sha256Hex(canonicalJson(content));
};

export interface Content {
  hash: string;
  /** What it does, in a line: it changes with the hash and never without it. */
  summary: string;
  /** For which something is left to do, in the order given. */
  targets: string[];
  rowCount: number;
  cancelled: CancelledRow[];
}

/** What changes amount to as a commit, all of it from the same operations. */
export const contentOf = async (changes: readonly Change[], targetNames: readonly string[]): Promise<Content> => {
  const targets = targetsOf(changes, targetNames);
  const operations = netOperations(changes, targetNames);
  return {
    hash: await commitHash(changes, targetNames),
    summary: summaryOf(operations, targets),
    targets,
    rowCount: rowCount(operations),
    cancelled: cancelledRows(changes, operations),
  };
};

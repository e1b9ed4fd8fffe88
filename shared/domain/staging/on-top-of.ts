/** A row as its author has left it: what the targets show, and the author's own staged changes. */
import type { Base, Change } from "./change.ts";
import { netEffect } from "./net-effect.ts";

type RowOf = Pick<Change, "entityType" | "entityId">;

export const isSameRow = (a: RowOf, b: RowOf): boolean => a.entityType === b.entityType && a.entityId === b.entityId;

export const onTopOf = (row: RowOf & Pick<Change, "base">, own: readonly Change[]): Record<string, Base> => {
  const before = own.filter((other) => isSameRow(other, row));
  return Object.fromEntries(
    Object.entries(row.base).map(([target, seen]): [string, Base] => {
      const earlier = netEffect(before, target)[0]?.values;
      if (!earlier || seen.seen === "unknown") return [target, seen];
      const { version, values } = seen.seen === "row" ? seen : { version: "", values: {} };
      return [target, { seen: "row", version, values: { ...values, ...earlier } }];
    }),
  );
};

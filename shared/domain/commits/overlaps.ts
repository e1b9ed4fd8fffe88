/** Who else is about to change a row: open commits and others' staged changes that touch it at the same target. */
import * as z from "zod/mini";
import { entityTypes } from "../portfolio/registry.ts";
import { actions } from "../staging/change.ts";

/** A change that is staged or in an open commit, as far as others have to know of it. */
export const touchSchema = z.object({
  /** Number of the change. */
  changeNumber: z.int(),
  /** Of its commit; null while it is staged. */
  commitNumber: z.nullable(z.int()),
  /** Of the commit, or of the staged change. */
  author: z.string(),
  entityType: z.enum(entityTypes),
  entityId: z.string(),
  action: z.enum(actions),
  /** Those that have not applied it. */
  targets: z.array(z.string()),
  /** That it sets. */
  fields: z.array(z.string()),
});
export type Touch = z.infer<typeof touchSchema>;

export const overlapRowSchema = z.object({
  entityType: z.enum(entityTypes),
  entityId: z.string(),
  /** Where both touch it. */
  targets: z.array(z.string()),
  /** That both set. */
  fields: z.array(z.string()),
  /** One of the two creates or deletes the row. */
  whole: z.boolean(),
});
type OverlapRow = z.infer<typeof overlapRowSchema>;

/** Another open commit, or somebody else's staged change, and the rows that it has in common with this one. */
export interface Overlap {
  /** Number of the commit; null where it is a staged change. */
  commit: number | null;
  /** Number of the staged change; null where it is a commit. */
  change: number | null;
  author: string;
  /** The first of them. */
  rows: OverlapRow[];
  rowCount: number;
}

/** Of one overlap. */
const maxRows = 10;

const rowKey = ({ entityType, entityId }: Touch): string => `${entityType}/${entityId}`;

const inCommon = (own: readonly Touch[], others: readonly Touch[]): OverlapRow | null => {
  const pairs = own.flatMap((mine) =>
    others
      .map((other) => ({ mine, other, targets: mine.targets.filter((target) => other.targets.includes(target)) }))
      .filter(({ targets }) => targets.length > 0),
  );
  const [first] = pairs;
  if (!first) return null;
  const { entityType, entityId } = first.mine;
  return {
    entityType,
    entityId,
    targets: [...new Set(pairs.flatMap(({ targets }) => targets))],
    fields: [...new Set(pairs.flatMap(({ mine, other }) => mine.fields.filter((each) => other.fields.includes(each))))],
    whole: pairs.some(({ mine, other }) => mine.action !== "UPDATE" || other.action !== "UPDATE"),
  };
};

const overlapsOf = (own: readonly Touch[], others: readonly Touch[]): Overlap[] => {
  const ownRows = Map.groupBy(own, rowKey);
  const sides = Map.groupBy(
    others.filter((touch) => ownRows.has(rowKey(touch))),
    ({ commitNumber, changeNumber }) => (commitNumber === null ? `change ${changeNumber}` : `commit ${commitNumber}`),
  );
  return [...sides.values()]
    .flatMap((side): Overlap[] => {
      const [first] = side;
      const rows = [...Map.groupBy(side, rowKey)].flatMap(
        ([key, touches]) => inCommon(ownRows.get(key) ?? [], touches) ?? [],
      );
      if (!first || rows.length === 0) return [];
      const { commitNumber, changeNumber, author } = first;
      const of = { commit: commitNumber, change: commitNumber === null ? changeNumber : null, author };
      return [{ ...of, rows: rows.slice(0, maxRows), rowCount: rows.length }];
    })
    .toSorted((a, b) => (a.commit ?? Infinity) - (b.commit ?? Infinity) || (a.change ?? 0) - (b.change ?? 0));
};

/** Commits first. What its own author has staged besides is no surprise to them. */
export const overlapsOfCommit = (
  touches: readonly Touch[],
  { number, createdBy }: { number: number; createdBy: string },
) =>
  overlapsOf(
    touches.filter(({ commitNumber }) => commitNumber === number),
    touches.filter(({ commitNumber, author }) =>
      commitNumber === null ? author !== createdBy : commitNumber !== number,
    ),
  );

/** Of a staged change. */
export const overlapsOfChange = (
  touches: readonly Touch[],
  { number, createdBy }: { number: number; createdBy: string },
) =>
  overlapsOf(
    touches.filter(({ commitNumber, changeNumber }) => commitNumber === null && changeNumber === number),
    touches.filter(({ commitNumber, author }) => commitNumber !== null || author !== createdBy),
  );

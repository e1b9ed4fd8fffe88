/** The differences of a comparison by row, for the targets that somebody looks at. Pure. */
import type { ReplyOf } from "../../../shared/contract/operations.ts";
import { valueText } from "../messages/format.ts";

export type Verified = ReplyOf<"verify">;
export type Difference = Verified["differences"][number];
type Side = Difference["live"];

export interface DifferingRow {
  target: string;
  entityType: string;
  entityId: string;
  name: string;
  fields: Difference[];
  /** The commit to push again; null where none repairs the row. */
  pushAgain: number | null;
  /** A row that is not there cannot be changed. */
  canFix: boolean;
  /** In the order of application. */
  otherTargets: string[];
}

/** In the order in which the comparison lists them. */
export const rowsAt = (differences: readonly Difference[], target: string): DifferingRow[] => {
  const own = differences.filter((each) => each.target === target);
  return [...Map.groupBy(own, ({ entityType, entityId }) => `${entityType}/${entityId}`).values()].flatMap((fields) => {
    const [first] = fields;
    if (!first) return [];
    const { entityType, entityId, name, pushAgain, elsewhere } = first;
    const isMissing = fields.some(({ field, expected }) => field === null && expected.row === true);
    const otherTargets = elsewhere.map((each) => each.target);
    return [{ target, entityType, entityId, name, fields, pushAgain, canFix: !isMissing, otherTargets }];
  });
};

export const sideText = ({ value, row }: Side): string => {
  if (row === undefined) return valueText(value ?? null);
  return row ? "the row is there" : "no row";
};

export const liveAt = ({ elsewhere }: Difference, target: string): string => {
  const other = elsewhere.find((each) => each.target === target);
  return other ? sideText(other.live) : "unknown";
};

/** Who says what is expected: "by commit #4", "as at d1cv". */
export const expectedBy = ({ commitNumber, unlike }: Difference): string => {
  if (unlike !== null) return `as at ${unlike}`;
  return commitNumber === null ? "as it was accepted" : `by commit #${commitNumber}`;
};

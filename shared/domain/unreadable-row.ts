/**
 * A stored row that is not what its schema says: another version has written it, or a person by hand. A list goes on
 * without it, and says so.
 */
export interface UnreadableRow {
  table: string | null;
  /** As far as the row has them. */
  id: string | null;
  number: number | null;
  /** Which value, and why. */
  cause: string;
}

/** Staged changes that cannot be read: an admin can unstage each by its number. */
export const isUnreadableChange = (row: UnreadableRow): row is UnreadableRow & { id: string; number: number } =>
  row.table === "staged_changes" && row.id !== null && row.number !== null;

/** Lists by page, newest first, where each row has a number that only grows: a page is what is below a number. */

export interface Pages {
  /** Below which number the next older page is; null when this is the last. */
  older: number | null;
  /** Below which number the next newer page is, `newest` for the first; null when this is it. */
  newer: number | "newest" | null;
}

/**
 * What `pageQueries` have found, as a page.
 * @param rows those of the page, and one more when there is one
 * @param above numbers of the rows above the page, lowest first: at most one more than a page holds
 */
export const pageOf = <T>(
  rows: readonly T[],
  above: readonly number[],
  limit: number,
  numberOf: (row: T) => number,
): { shown: T[]; pages: Pages } => {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    shown,
    pages: {
      older: rows.length > limit && last !== undefined ? numberOf(last) : null,
      newer: above.length === 0 ? null : (above[limit] ?? "newest"),
    },
  };
};

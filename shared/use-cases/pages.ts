/** Lists by page, newest first, where each row has a number that only grows: a page is what is below a number. */

export interface Pages {
  /** Below which number the next older page is; null when this is the last. */
  older: number | null;
  /** Below which number the next newer page is, `newest` for the first; null when this is it. */
  newer: number | "newest" | null;
}

/**
 * @param numbers of the page, highest first, and of one row more when there is one
 * @param above numbers of the rows above the page, lowest first: at most one more than a page holds
 */
export const pagesOf = (numbers: readonly number[], above: readonly number[], limit: number): Pages => ({
  older: numbers.length > limit ? (numbers[limit - 1] ?? null) : null,
  newer: above.length === 0 ? null : (above[limit] ?? "newest"),
});

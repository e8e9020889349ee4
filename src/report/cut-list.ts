/**
 * How much of a long list a terminal shows.
 */

/** Rows of a list that is cut; one with a few more is shown whole. */
const MOST_ROWS = 20;
const FEW_MORE = 4;

/** The rows that are shown, and how many are not; all of them unless `isCut`. */
export function cutList<Row>(
  rows: readonly Row[],
  isCut: boolean,
): { readonly shown: readonly Row[]; readonly more: number } {
  const shown = isCut && rows.length > MOST_ROWS + FEW_MORE ? rows.slice(0, MOST_ROWS) : rows;
  return { shown, more: rows.length - shown.length };
}

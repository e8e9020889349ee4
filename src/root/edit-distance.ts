/**
 * How far words are from each other, and which names a mistyped word may mean.
 */

/** Longer words are no spelling mistakes, and the cost is the product of both lengths. */
const MAX_COMPARED = 40;

/**
 * The names that a mistyped word may mean: the closest ones that differ in a third of the letters and in two
 * letters at most, or in fewer where `limit` says so. Two names at most; none for a short word.
 */
export function closest(word: string, names: readonly string[], limit = 2): string[] {
  if (word.length < 3 || word.length > MAX_COMPARED) return [];
  const most = Math.min(limit, Math.floor(word.length / 3));
  const distances = names.map((name) => ({ name, distance: editDistance(word, name) }));
  const least = distances.reduce((so, { distance }) => Math.min(so, distance), most);
  return distances
    .filter(({ distance }) => distance === least)
    .map(({ name }) => name)
    .slice(0, 2);
}

/**
 * How many letters to add, leave out, change, or swap with the next one turn one word into the other (optimal
 * string alignment). The cost is the product of both lengths.
 */
export function editDistance(a: string, b: string): number {
  let [before, row]: number[][] = [[], Array.from({ length: b.length + 1 }, (_, index) => index)];
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = at(row, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = isSwap ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(at(next, j - 1) + 1, at(row, j) + 1, change, swap));
    }
    [before, row] = [row, next];
  }
  return at(row, b.length);
}

const at = (row: readonly number[] | undefined, index: number) =>
  row?.[index] ?? Number.POSITIVE_INFINITY;

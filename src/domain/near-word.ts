/** Finds the known word that a misspelt one was meant to be. Two words that are near each other are not guessed. */

/** A word with at least so many letters may have two slips, a shorter one may have one. */
const TWO_SLIPS_FROM = 7;
const SHORT = 4;
const LONG = 40;

/** `undefined` when no word is near, or the nearest is not the only one. */
export function nearestOf<Word extends string>(said: string, words: readonly Word[]): Word | undefined {
  if (said.length < SHORT || said.length > LONG) return undefined;
  const slips = words.map(word => ({ word, count: slipsBetween(said, word) }));
  const near = slips.filter(({ word, count }) => count <= slipsIn(said, word));
  const fewest = Math.min(...near.map(({ count }) => count));
  const [nearest, ...others] = near.filter(({ count }) => count === fewest);
  return others.length === 0 ? nearest?.word : undefined;
}

/** Another first letter is usually another word: `/improve` is not `/approve`. */
function slipsIn(said: string, word: string): number {
  return word.length >= TWO_SLIPS_FROM && said.charAt(0) === word.charAt(0) ? 2 : 1;
}

/** Letters that are missing, added, changed, or in the place of their neighbour. */
export function slipsBetween(one: string, other: string): number {
  let rows: Rows = { before: [], row: Array.from({ length: other.length + 1 }, (_, at) => at) };
  for (let i = 1; i <= one.length; i += 1) rows = { before: rows.row, row: nextRow({ one, other, i }, rows) };
  return rows.row.at(-1) ?? 0;
}

interface Rows {
  readonly before: readonly number[];
  readonly row: readonly number[];
}

interface Compared {
  readonly one: string;
  readonly other: string;
  /** Letters of `one` that are compared so far. */
  readonly i: number;
}

function nextRow({ one, other, i }: Compared, { before, row }: Rows): readonly number[] {
  const at = (of: readonly number[], j: number): number => of[j] ?? Infinity;
  const next = [i];
  for (let j = 1; j <= other.length; j += 1) {
    const change = one[i - 1] === other[j - 1] ? 0 : 1;
    const isSwapped = one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
    const swap = isSwapped ? at(before, j - 2) + 1 : Infinity;
    next.push(Math.min(at(row, j) + 1, at(next, j - 1) + 1, at(row, j - 1) + change, swap));
  }
  return next;
}

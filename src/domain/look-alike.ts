/** Which texts look the same to a person, whatever letters they are written in. */

/**
 * Texts with the same skeleton look the same to a person. Marks go first: normalising sorts a run of them, in time that grows
 * with the square of its length.
 */
export function skeleton(text: string): string {
  return text
    .replace(MARKS, '')
    .normalize('NFKD')
    .replace(MARKS, '')
    .toLowerCase()
    .replace(CONFUSABLE, letter => LOOKS_LIKE.get(letter) ?? letter);
}

const MARKS = /[\p{M}\p{Cf}]/gu;
/** Lower-case letters that look like Latin ones, from Unicode's confusables (Cyrillic, Greek and others). */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  [
    ['a', 'аαɑ'],
    ['b', 'ЬƄ'],
    ['c', 'сϲᴄ'],
    ['d', 'ԁɗ'],
    ['e', 'еҽ℮ε'],
    ['g', 'ɡցԍ'],
    ['h', 'һհ'],
    ['i', 'іıιɩӏ'],
    ['j', 'јϳ'],
    ['k', 'κк'],
    ['l', 'ⅼ'],
    ['m', 'м'],
    ['n', 'ոп'],
    ['o', 'оοօσ'],
    ['p', 'рρ'],
    ['q', 'ԛզ'],
    ['r', 'гᴦ'],
    ['s', 'ѕꜱ'],
    ['t', 'тτ'],
    ['u', 'υս'],
    ['v', 'ѵνᴠ'],
    ['w', 'ԝѡшω'],
    ['x', 'хχ'],
    ['y', 'уγү'],
    ['z', 'ᴢ'],
    ['.', '․。·'],
    ['/', '⁄∕'],
    ['-', '‐‑‒–—−'],
    ['_', 'ߺ'],
  ].flatMap(([latin = '', others = '']) => Array.from(others, letter => [letter, latin] as const)),
);
const CONFUSABLE = new RegExp(`[${[...LOOKS_LIKE.keys()].join('')}]`, 'gu');

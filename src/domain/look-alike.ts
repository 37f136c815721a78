/** Which texts look the same to a person, whatever letters they are written in. */

/** Texts with the same skeleton look the same to a person. */
export function skeleton(text: string): string {
  const visible = text
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  return Array.from(visible, letter => LOOKS_LIKE.get(letter) ?? letter).join('');
}

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

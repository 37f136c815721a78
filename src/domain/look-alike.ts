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
/** Lower-case letters that look like Latin ones, from Unicode's confusables (Cyrillic, Greek, Coptic, Cherokee, Lisu, small capitals and others). */
const LOOKS_LIKE: ReadonlyMap<string, string> = new Map(
  [
    ['a', 'аαɑᴀꓮꭺⲁ'],
    ['b', 'ьƅʙᏼꓐꮟ'],
    ['c', 'сϲᴄꓚⲥꮯ'],
    ['d', 'ԁɗᴅꓓꭰ'],
    ['e', 'еҽ℮εᴇꓰꭼ'],
    ['f', 'ꜰꓝ'],
    ['g', 'ɡցԍɢꓖ'],
    ['h', 'һհʜꓧꮋⲏ'],
    ['i', 'іıιɩӏɪꓲⲓ'],
    ['j', 'јϳᴊꓙꭻ'],
    ['k', 'κкᴋꓗⲕꮶ'],
    ['l', 'ⅼʟꓡꮮ'],
    ['m', 'мᴍꓟⲙꮇ'],
    ['n', 'ոпɴꓠⲛ'],
    ['o', 'оοօσᴏꓳⲟ'],
    ['p', 'рρᴘꓑⲣꮲᑭ'],
    ['q', 'ԛզ'],
    ['r', 'гᴦʀꓣꮢ'],
    ['s', 'ѕꜱꓢꮪ'],
    ['t', 'тτᴛꓔⲧꭲ'],
    ['u', 'υսᴜꓴ'],
    ['v', 'ѵνᴠꓦꮩ'],
    ['w', 'ԝѡшωᴡꓪꮃ'],
    ['x', 'хχꓫⲭ'],
    ['y', 'уγүʏꓬⲩ'],
    ['z', 'ᴢꓜꮓ'],
    ['.', '․。·'],
    ['/', '⁄∕'],
    ['-', '‐‑‒–—−'],
    ['_', 'ߺ'],
  ].flatMap(([latin = '', others = '']) => Array.from(others, letter => [letter, latin] as const)),
);
const CONFUSABLE = new RegExp(`[${[...LOOKS_LIKE.keys()].join('')}]`, 'gu');

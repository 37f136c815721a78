/** What a path in a change may look like, and how paths are compared when somebody tries to make them look alike. */
import { hideSecrets } from './secret-rules.ts';

const pathBytesMax = 1_024;
const componentBytesMax = 255;
const depthMax = 64;

/** Why this path cannot be part of a change, or undefined. Pure; needs no tree. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'empty path';
  if (/\p{Cs}|\ufffd/u.test(path)) return 'path is not valid UTF-8';
  if (/\p{Cc}/u.test(path)) return 'control character in path';
  if (/[\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\p{Variation_Selector}]/u.test(path))
    return 'invisible character in path';
  if (path.includes('\\')) return 'backslash in path';
  if (Buffer.byteLength(path) > pathBytesMax) return `path longer than ${pathBytesMax} bytes`;
  const components = path.split('/');
  if (components.length > depthMax) return `path deeper than ${depthMax} directories`;
  return components.map(componentProblem).find(problem => problem !== undefined);
}

function componentProblem(component: string): string | undefined {
  if (component === '') return 'absolute path or empty path component';
  if (component === '.' || component === '..') return 'path component . or ..';
  if (Buffer.byteLength(component) > componentBytesMax)
    return `path component longer than ${componentBytesMax} bytes`;
  if (component.startsWith('-')) return 'path component starts with a dash';
  if (/^\s|\s$|\.$/u.test(component)) return 'path component starts with a space or ends in a space or dot';
  if (isGitDirectory(component)) return 'path component is a spelling of .git';
  if (/^[^.~]{1,6}~\d{1,2}(\.[^.]{0,3})?$/.test(component)) return 'path component is a short name of DOS';
  return undefined;
}

/** `.git` as it is, and as HFS+ and NTFS would read it. */
function isGitDirectory(component: string): boolean {
  const plain = skeleton(component)
    .replace(/:.*$/s, '')
    .replace(/[. ]+$/, '');
  return plain === '.git' || /^git~\d+$/.test(plain);
}

/** For people and logs: nothing invisible, nothing that moves a cursor, no token. */
export function printablePath(path: string): string {
  return hideSecrets(path)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, letter => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`)
    .slice(0, 300);
}

/** Two paths with the same fold are one file on a case-folding, normalising file system. */
export function foldPath(path: string): string {
  return path.normalize('NFKC').toLowerCase().normalize('NFKC');
}

/** Two paths with the same skeleton look the same to a person. */
export function skeleton(path: string): string {
  const visible = path
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .toLowerCase();
  return Array.from(visible, letter => looksLike.get(letter) ?? letter).join('');
}

/** Letters that pass for Latin ones, after lower-casing; from Unicode's confusables, for Cyrillic, Greek and others. */
const looksLike: ReadonlyMap<string, string> = new Map(
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

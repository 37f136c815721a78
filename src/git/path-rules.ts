/** Which paths a change can contain, and how look-alike paths are compared. */
import { skeleton } from '../domain/look-alike.ts';
import { hideSecrets } from './secret-rules.ts';
import { withoutEnd } from '../domain/without-end.ts';

const PATH_BYTES_MAX = 1_024;
const COMPONENT_BYTES_MAX = 255;
const DEPTH_MAX = 64;

/** Why a change cannot add this path, or undefined. What the base already has can be edited and removed. Pure. */
export function pathProblem(path: string): string | undefined {
  if (path === '') return 'the path is empty';
  if (/\p{Cs}|\ufffd/u.test(path)) return 'the path is not valid UTF-8';
  if (/\p{Cc}/u.test(path)) return 'the path contains a control character';
  if (/[\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0\p{Variation_Selector}]/u.test(path))
    return 'the path contains an invisible character';
  if (path.includes('\\')) return 'the path contains a backslash';
  if (Buffer.byteLength(path) > PATH_BYTES_MAX) return `the path is longer than ${PATH_BYTES_MAX} bytes`;
  // Tools that are given the path would take it for an option. Further down it cannot be one: people name folders so.
  if (path.startsWith('-')) return 'the path starts with a dash';
  const components = path.split('/');
  if (components.length > DEPTH_MAX) return `the path has more than ${DEPTH_MAX} components`;
  return components.map(componentProblem).find(problem => problem !== undefined);
}

function componentProblem(component: string): string | undefined {
  if (component === '') return 'the path is absolute or has an empty component';
  if (component === '.' || component === '..') return 'the path has a component . or ..';
  if (Buffer.byteLength(component) > COMPONENT_BYTES_MAX)
    return `a path component is longer than ${COMPONENT_BYTES_MAX} bytes`;
  if (/^\s|\s$|\.$/u.test(component)) return 'a path component starts with a space or ends in a space or dot';
  if (isGitDirectory(component)) return 'a path component is a spelling of .git';
  if (/^[^.~]{1,6}~\d{1,2}(\.[^.]{0,3})?$/.test(component))
    return 'a path component is a DOS short name (8.3)';
  return undefined;
}

/** `.git` itself, and the names that HFS+ and NTFS treat as `.git`. */
function isGitDirectory(component: string): boolean {
  const [beforeStream = ''] = skeleton(component).split(':');
  const plain = withoutEnd(beforeStream, '. ');
  return plain === '.git' || /^git~\d+$/.test(plain);
}

/** Makes a path safe for terminals and logs: escapes invisible and control characters, hides tokens. */
export function printablePath(path: string): string {
  return hideSecrets(path)
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, letter => `\\u{${(letter.codePointAt(0) ?? 0).toString(16)}}`)
    .slice(0, 300);
}

/** Paths with the same fold are one file on a case-insensitive, normalising file system. */
export function foldPath(path: string): string {
  return path.normalize('NFKC').toLowerCase().normalize('NFKC');
}

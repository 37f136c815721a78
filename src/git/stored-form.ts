/** What the attributes of a file mean for storing it: refused, converted first, or stored as it is. Pure. */
import { isUtf8 } from 'node:buffer';
import type { FileAttributes } from './attributes.ts';
import { printablePath } from './path-rules.ts';

/**
 * Why these bytes cannot be stored, or undefined. Workspaces show files as git stores them: nothing ran a filter or changed
 * an encoding when they were checked out, so nothing is undone here.
 */
export function storingProblem(attributes: FileAttributes, bytes: Buffer): string | undefined {
  const { filter, 'working-tree-encoding': encoding } = attributes;
  if (filter === 'lfs')
    return 'is stored with Git LFS (.gitattributes), and Signalbox uploads nothing to it: a person must change this file';
  if (isNamed(filter))
    return `passes the git filter ${printablePath(filter)} (.gitattributes) before it is stored, and Signalbox runs no filter: a person must change this file`;
  if (isNamed(encoding) && (!isUtf8(bytes) || bytes.includes(0)))
    return `must be written as UTF-8: git stores it so, and converts it to ${printablePath(encoding)} on checkout (.gitattributes)`;
  return undefined;
}

/** The line of a `.gitattributes` with which git converts these bytes; undefined when it would not change them. */
export function conversionOf(attributes: FileAttributes, bytes: Buffer): string | undefined {
  const { text, crlf, eol, ident } = attributes;
  const isBinary = text === 'unset' || (text === undefined && crlf === 'unset');
  const words = [
    ...(bytes.includes('\r\n') && !isBinary
      ? [
          word('text', text, ['auto', 'input']),
          word('crlf', crlf, ['input']),
          word('eol', eol, ['lf', 'crlf']),
        ]
      : []),
    ...(ident === 'set' && bytes.includes('$Id:') ? ['ident'] : []),
  ].filter(one => one !== undefined);
  return words.length === 0 ? undefined : words.join(' ');
}

/** Without a value, the attributes `filter` and `working-tree-encoding` mean nothing. */
function isNamed(value: string | undefined): value is string {
  return value !== undefined && value !== 'set' && value !== 'unset';
}

/** Only values that git knows: all others mean nothing. */
function word(name: string, value: string | undefined, known: readonly string[]): string | undefined {
  if (value === 'set') return name;
  if (value === 'unset') return `-${name}`;
  return value !== undefined && known.includes(value) ? `${name}=${value}` : undefined;
}

/** The git attributes that decide how git stores a file. Git itself evaluates them, on the tree that is committed. */
import type { GitCommand } from './run-git.ts';
import { gitOutput } from './run-git.ts';

/** `text` and `crlf` (its old name), `eol` and `ident` change bytes here; `filter` and `working-tree-encoding` do not. */
const NAMES = ['text', 'crlf', 'eol', 'ident', 'filter', 'working-tree-encoding'] as const;
type AttributeName = (typeof NAMES)[number];

/** As `git check-attr` writes them: `set`, `unset` or a value; absent when unspecified. */
export type FileAttributes = Readonly<Partial<Record<AttributeName, string>>>;

/**
 * Reads every `.gitattributes` from the index of the command, which must name it, and whose git directory must have no
 * `info/attributes`. Paths that no attribute mentions are left out.
 */
export async function attributesOf(
  command: Omit<GitCommand, 'args' | 'input'>,
  paths: readonly string[],
): Promise<ReadonlyMap<string, FileAttributes>> {
  const output = await gitOutput({
    ...command,
    args: ['check-attr', '--cached', '-z', '--stdin', ...NAMES],
    input: paths.map(path => `${path}\0`).join(''),
  });
  const found = new Map<string, FileAttributes>();
  const fields = output.toString('utf8').split('\0');
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [path = '', name = '', value = ''] = fields.slice(at, at + 3);
    if (value !== 'unspecified') found.set(path, { ...found.get(path), [name]: value });
  }
  return found;
}

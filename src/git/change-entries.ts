/** Validates the declared entries of a change, and compares them with the resulting tree. Pure. */
import type { Refusal } from '../domain/state/work.ts';
import type { RawChange } from './objects.ts';
import { ABSENT_MODE, absentSha } from './objects.ts';
import { pathProblem, printablePath } from './path-rules.ts';

export interface WantedEntry {
  readonly path: string;
  readonly mode: '100644' | '100755' | 'deleted';
  /** Missing exactly when deleted. */
  readonly bytes?: Buffer | undefined;
}

/** What the tree must have for an entry. */
export interface StoredEntry extends Pick<WantedEntry, 'path' | 'mode'> {
  /** The blob; of a deleted file not used. */
  readonly sha: string;
}

/** Entries whose paths a change can only have if the base has them too. */
export function oddPaths(entries: readonly WantedEntry[]): readonly string[] {
  return entries.map(({ path }) => path).filter(path => pathProblem(path) !== undefined);
}

/** Refusals that need no built tree: found before anything is written. `inBase` has those odd paths that the base has. */
export function entryRefusals(entries: readonly WantedEntry[], inBase: ReadonlySet<string>): Refusal[] {
  if (entries.length === 0) return [{ path: '', reason: 'the change is empty' }];
  const seen = new Set<string>();
  const refusals = entries.flatMap(entry => {
    const reason =
      entryProblem(entry, inBase) ?? (seen.has(entry.path) ? 'the path is declared twice' : undefined);
    seen.add(entry.path);
    return reason === undefined ? [] : [{ path: printablePath(entry.path), reason }];
  });
  return [...refusals, ...fileAsDirectory(entries)];
}

/** Differences between the resulting tree and the declared entries, such as a file that replaced a directory. */
export function treeRefusals(entries: readonly StoredEntry[], changes: readonly RawChange[]): Refusal[] {
  const declared = new Map(entries.map(entry => [entry.path, entry]));
  const changed = new Set(changes.map(change => change.path));
  const wrong = changes.flatMap(change =>
    isAsDeclared(change, declared.get(change.path)) ? [] : [change.path],
  );
  const missing = entries.filter(entry => entry.mode === 'deleted' && !changed.has(entry.path));
  const empty =
    changes.length === 0 && missing.length === 0 ? [{ path: '', reason: 'the change is empty' }] : [];
  return [
    ...empty,
    ...wrong.map(path => ({
      path: printablePath(path),
      reason: 'the resulting tree differs from the declared change',
    })),
    ...missing.map(entry => ({
      path: printablePath(entry.path),
      reason: 'deletes a file that does not exist in the base',
    })),
  ];
}

function entryProblem(entry: WantedEntry, inBase: ReadonlySet<string>): string | undefined {
  if (!['100644', '100755', 'deleted'].includes(entry.mode)) return 'the mode is not that of a regular file';
  if ((entry.mode === 'deleted') !== (entry.bytes === undefined))
    return 'file content is missing, or was given for a deletion';
  return inBase.has(entry.path) ? undefined : pathProblem(entry.path);
}

function fileAsDirectory(entries: readonly WantedEntry[]): Refusal[] {
  const written = new Set(entries.filter(entry => entry.mode !== 'deleted').map(entry => entry.path));
  return [...written].flatMap(path => {
    const parents = path.split('/').map((_, index, all) => all.slice(0, index).join('/'));
    return parents.some(parent => written.has(parent))
      ? [{ path: printablePath(path), reason: 'is below another file of the change' }]
      : [];
  });
}

function isAsDeclared(change: RawChange, entry: StoredEntry | undefined): boolean {
  if (entry === undefined) return false;
  if (entry.mode === 'deleted') return change.newMode === ABSENT_MODE && change.newSha === absentSha;
  return change.newMode === entry.mode && change.newSha === entry.sha;
}

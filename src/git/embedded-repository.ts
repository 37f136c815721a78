/**
 * Finds directories that git would treat as a repository although nothing in them is named `.git`. Git run in such a
 * directory reads its configuration, which can name programs to run. Pure.
 */
import type { Refusal } from '../domain/state/work.ts';
import { foldPath, printablePath } from './path-rules.ts';

export interface Trees {
  /** Paths that the change adds or edits. */
  readonly written: readonly string[];
  /** Every path of the resulting tree. */
  readonly resulting: readonly string[];
}

/** Refuses every added or edited path in such a directory. One that the base already has is left alone. */
export function embeddedRepositories({ written, resulting }: Trees): Refusal[] {
  const repositories = new Set(
    [...marksByDirectory(resulting)].filter(([, marks]) => isRepository(marks)).map(([dir]) => dir),
  );
  if (repositories.size === 0) return [];
  return written
    .filter(path => directoriesOf(foldPath(path)).some(dir => repositories.has(dir)))
    .map(path => ({ path: printablePath(path), reason: 'in a directory that git treats as a repository' }));
}

type Mark = 'head' | 'commondir' | 'objects' | 'refs';

/** Mirrors git's own `is_git_directory`: with `commondir`, objects and refs can be elsewhere. */
function isRepository(marks: ReadonlySet<Mark>): boolean {
  return marks.has('head') && (marks.has('commondir') || (marks.has('objects') && marks.has('refs')));
}

function marksByDirectory(paths: readonly string[]): ReadonlyMap<string, ReadonlySet<Mark>> {
  const found = new Map<string, Set<Mark>>();
  for (const path of paths) {
    const components = foldPath(path).split('/');
    for (const [index, component] of components.entries()) {
      const isLast = index === components.length - 1;
      const mark = isLast ? fileMarks.get(component) : directoryMarks.get(component);
      if (mark === undefined) continue;
      const dir = components.slice(0, index).join('/');
      found.set(dir, (found.get(dir) ?? new Set()).add(mark));
    }
  }
  return found;
}

const fileMarks: ReadonlyMap<string, Mark> = new Map([
  ['head', 'head'],
  ['commondir', 'commondir'],
]);
const directoryMarks: ReadonlyMap<string, Mark> = new Map([
  ['objects', 'objects'],
  ['refs', 'refs'],
]);

/** Every directory above the path, from the root (`''`) to its parent. */
function directoriesOf(path: string): string[] {
  const components = path.split('/');
  return components.map((_, index) => components.slice(0, index).join('/'));
}

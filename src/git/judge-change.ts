/** Judges how a change alters the tree: file modes, paths, sizes. Pure. File contents are judged in judge-commit.ts. */
import { embeddedRepositories } from './embedded-repository.ts';
import type { Refusal } from '../domain/state/work.ts';
import type { RawChange } from './objects.ts';
import { ABSENT_MODE } from './objects.ts';
import { foldPath, pathProblem, printablePath } from './path-rules.ts';
import type { PathMatcher } from './protected-paths.ts';
import { allowedPathMatcher, protectedPathMatcher } from './protected-paths.ts';

export interface ChangeLimits {
  readonly filesMax: number;
  readonly fileBytesMax: number;
  readonly expandedBytesMax: number;
}

export interface ChangePolicy {
  /** Globs. An empty list allows every path. */
  readonly allowedPaths: readonly string[];
  /** Globs, matched case-insensitively. */
  readonly protectedPaths: readonly string[];
}

export interface JudgeChangeInput {
  readonly changes: readonly RawChange[];
  /** Every path of the base, to find new paths that collide with existing ones. */
  readonly basePaths: readonly string[];
  /** Size in bytes of each new blob, by id. */
  readonly sizes: ReadonlyMap<string, number>;
  readonly limits: ChangeLimits;
  readonly policy: ChangePolicy;
}

export interface JudgedFile {
  readonly path: string;
  readonly status: 'added' | 'modified' | 'deleted';
  readonly mode: string;
  readonly bytes: number;
}

export interface ChangeJudgement {
  /** One is enough to refuse the change. */
  readonly refusals: readonly Refusal[];
  /** A person must approve these by name. */
  readonly protectedPaths: readonly string[];
  readonly files: readonly JudgedFile[];
}

export const defaultChangeLimits: ChangeLimits = {
  filesMax: 300,
  fileBytesMax: 5 * 1024 * 1024,
  expandedBytesMax: 20 * 1024 * 1024,
};

export function judgeChange(input: JudgeChangeInput): ChangeJudgement {
  const { changes, sizes, limits, policy } = input;
  const guarded = protectedPathMatcher(policy.protectedPaths);
  const allowed = policy.allowedPaths.length === 0 ? () => true : allowedPathMatcher(policy.allowedPaths);
  const files = changes.map(change => toFile(change, sizes));
  const perPath = changes.flatMap(change => {
    const reason =
      changeProblem(change, guarded) ?? (allowed(change.path) ? undefined : 'outside the allowed paths');
    return reason === undefined ? [] : [{ path: printablePath(change.path), reason }];
  });
  const embedded = embeddedRepositories(treesOf(input));
  return {
    refusals: [...perPath, ...sizeRefusals(files, limits), ...collisions(input), ...embedded],
    protectedPaths: changes.map(change => change.path).filter(path => guarded.matches(path)),
    files,
  };
}

/** Also applied to the declared sizes, before anything is written. */
export function sizeRefusals(
  files: readonly { path: string; bytes: number }[],
  limits: ChangeLimits,
): Refusal[] {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const tooLarge = files.filter(file => file.bytes > limits.fileBytesMax);
  return [
    ...(files.length > limits.filesMax
      ? [wholeChange(`${files.length} files, more than ${limits.filesMax}`)]
      : []),
    ...(total > limits.expandedBytesMax
      ? [wholeChange(`${total} bytes in total, more than ${limits.expandedBytesMax}`)]
      : []),
    ...tooLarge.map(file => ({
      path: printablePath(file.path),
      reason: `${file.bytes} bytes, more than ${limits.fileBytesMax}`,
    })),
  ];
}

function wholeChange(reason: string): Refusal {
  return { path: '', reason };
}

function toFile(change: RawChange, sizes: ReadonlyMap<string, number>): JudgedFile {
  const deleted = change.newMode === ABSENT_MODE;
  return {
    path: change.path,
    status: deleted ? 'deleted' : change.oldMode === ABSENT_MODE ? 'added' : 'modified',
    mode: change.newMode,
    bytes: deleted ? 0 : (sizes.get(change.newSha) ?? Number.POSITIVE_INFINITY), // an unknown size is refused
  };
}

const fileModes: readonly string[] = ['100644', '100755', ABSENT_MODE];
const kindNames: Readonly<Record<string, string>> = {
  '120000': 'a symbolic link',
  '160000': 'a nested repository',
};

function changeProblem(change: RawChange, guarded: PathMatcher): string | undefined {
  const odd = [change.newMode, change.oldMode].find(mode => !fileModes.includes(mode));
  if (odd !== undefined) return `changes ${kindNames[odd] ?? `a file of mode ${odd}`}`;
  const isNew = change.oldMode === ABSENT_MODE;
  // An unsafe path that the base already has can be edited or removed, but not added.
  const problem = isNew ? pathProblem(change.path) : undefined;
  if (problem !== undefined) return problem;
  if (change.newMode !== ABSENT_MODE && isModules(change.path)) return 'agents cannot change submodules';
  return isNew && guarded.imitates(change.path)
    ? 'looks like a protected path but is a different one'
    : undefined;
}

function isModules(path: string): boolean {
  return foldPath(path).split('/').at(-1) === '.gitmodules';
}

function treesOf({ changes, basePaths }: JudgeChangeInput) {
  const written = changes.filter(change => change.newMode !== ABSENT_MODE).map(change => change.path);
  const touched = new Set(changes.map(change => change.path));
  return { written, resulting: [...basePaths.filter(path => !touched.has(path)), ...written] };
}

/** New paths that a case-insensitive or normalising file system cannot tell from another path of the resulting tree. */
function collisions(input: JudgeChangeInput): Refusal[] {
  const gone = new Set(
    input.changes.filter(change => change.newMode === ABSENT_MODE).map(change => change.path),
  );
  const added = input.changes.filter(change => change.oldMode === ABSENT_MODE).map(change => change.path);
  const wanted = new Set(added.flatMap(prefixes).map(foldPath));
  const spellings = new Map<string, Set<string>>();
  const seen = new Set<string>();
  for (const path of [...input.basePaths.filter(one => !gone.has(one)), ...added]) {
    for (const prefix of prefixes(path)) {
      if (seen.has(prefix)) continue;
      seen.add(prefix);
      const fold = foldPath(prefix);
      if (wanted.has(fold)) spellings.set(fold, (spellings.get(fold) ?? new Set()).add(prefix));
    }
  }
  const clashes = (path: string): boolean =>
    prefixes(path).some(prefix => (spellings.get(foldPath(prefix))?.size ?? 0) > 1);
  return added.filter(clashes).map(path => ({
    path: printablePath(path),
    reason: 'differs from another path only in case or Unicode normalisation',
  }));
}

/** The path itself and every directory above it. */
function prefixes(path: string): string[] {
  const components = path.split('/');
  return components.map((_, index) => components.slice(0, index + 1).join('/'));
}

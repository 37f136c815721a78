/** Reads commits, refs, trees and diffs from a bare repository. */
import { git, runGit, tryGit } from './run.ts';

export interface GitPerson {
  readonly name: string;
  readonly email: string;
  readonly date: string;
}

export interface GitCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  readonly author: GitPerson;
  readonly committer: GitPerson;
  readonly message: string;
}

export interface GitRef {
  readonly ref: string;
  readonly type: string;
  readonly sha: string;
}

export interface FileChange {
  readonly filename: string;
  readonly status: 'added' | 'removed' | 'modified' | 'renamed' | 'changed';
  readonly sha: string;
  readonly additions: number;
  readonly deletions: number;
  readonly previous?: string;
  readonly patch?: string;
}

export interface TreeEntry {
  readonly mode: string;
  readonly type: string;
  readonly sha: string;
  readonly size: number;
  readonly path: string;
}

const FORMAT = '%H%x00%T%x00%P%x00%an%x00%ae%x00%at%x00%cn%x00%ce%x00%ct%x00%B%x01';

const person = (name = '', email = '', seconds = '0'): GitPerson => ({
  name,
  email,
  date: `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`,
});

const parseCommits = (log: string): GitCommit[] =>
  log
    .split('\x01')
    .map(record => record.replace(/^\n/, ''))
    .filter(record => record !== '')
    .map(parseCommit);

function parseCommit(record: string): GitCommit {
  const [sha = '', tree = '', parents = '', ...rest] = record.split('\0');
  return {
    sha,
    tree,
    parents: parents.split(' ').filter(Boolean),
    author: person(rest[0], rest[1], rest[2]),
    committer: person(rest[3], rest[4], rest[5]),
    message: (rest[6] ?? '').replace(/\n+$/, ''),
  };
}

/** Resolves a branch, tag or (abbreviated) id to a commit id. A name with a leading dash is never passed to git as an option. */
export async function resolveCommit(dir: string, name: string): Promise<string | undefined> {
  for (const candidate of [`refs/heads/${name}`, `refs/tags/${name}`, name]) {
    const found = await tryGit(dir, [
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${candidate}^{commit}`,
    ]);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const resolveRef = (dir: string, ref: string): Promise<string | undefined> =>
  tryGit(dir, ['rev-parse', '--verify', '--quiet', '--end-of-options', ref]);

export async function readCommit(dir: string, sha: string): Promise<GitCommit> {
  const [commit] = parseCommits(await git(dir, { args: ['log', '-1', `--format=${FORMAT}`, sha, '--'] }));
  if (commit === undefined) throw new Error(`no commit ${sha}`);
  return commit;
}

/** Oldest first. `range` is a revision range such as base..head. */
export const listCommits = async (dir: string, range: string, limit = 250): Promise<GitCommit[]> =>
  parseCommits(
    await git(dir, {
      args: ['log', '--reverse', '--topo-order', `-${limit}`, `--format=${FORMAT}`, range, '--'],
    }),
  );

export const mergeBase = (dir: string, one: string, other: string): Promise<string | undefined> =>
  tryGit(dir, ['merge-base', one, other]);

export const isAncestor = async (dir: string, older: string, newer: string): Promise<boolean> =>
  (await runGit(dir, { args: ['merge-base', '--is-ancestor', older, newer] })).code === 0;

export const countCommits = async (dir: string, range: string): Promise<number> =>
  Number(await git(dir, { args: ['rev-list', '--count', range, '--'] }));

/** Refs at or below a prefix, without the hidden refs/pull. */
export async function listRefs(dir: string, prefix: string): Promise<GitRef[]> {
  const out = await git(dir, { args: ['for-each-ref', '--format=%(refname) %(objecttype) %(objectname)'] });
  return out
    .split('\n')
    .filter(line => line.startsWith(prefix) && !line.startsWith('refs/pull/'))
    .map(line => {
      const [ref = '', type = '', sha = ''] = line.split(' ');
      return { ref, type, sha };
    });
}

const statusNames: Readonly<Record<string, FileChange['status']>> = {
  A: 'added',
  D: 'removed',
  M: 'modified',
  R: 'renamed',
  T: 'changed',
};

export async function diffFiles(dir: string, from: string, to: string): Promise<FileChange[]> {
  const raw = await git(dir, { args: ['diff-tree', '-r', '-M', '--raw', '-z', '--no-abbrev', from, to] });
  const fields = raw.split('\0').filter(Boolean);
  const changes: FileChange[] = [];
  while (fields.length > 0) {
    const { paths, ...change } = takeChange(fields);
    const text = await git(dir, {
      args: ['diff-tree', '-p', '-M', '--no-ext-diff', from, to, '--', ...paths],
    });
    changes.push({ ...change, ...measure(text) });
  }
  return changes;
}

/** Removes the first record of `--raw -z` and returns it: `:modes ids letter`, a path, and for a rename the new path. */
function takeChange(fields: string[]): Omit<FileChange, 'additions' | 'deletions'> & { paths: string[] } {
  const words = String(fields.shift()).split(' ');
  const status = statusNames[String(words.at(4)).charAt(0)] ?? 'modified';
  const sha = String(words.at(status === 'removed' ? 2 : 3));
  const paths = fields.splice(0, status === 'renamed' ? 2 : 1);
  const filename = String(paths.at(-1));
  const previous = status === 'renamed' ? { previous: String(paths.at(0)) } : {};
  return { paths, filename, status, sha, ...previous };
}

function measure(text: string): { additions: number; deletions: number; patch?: string } {
  const start = text.indexOf('\n@@');
  if (start < 0) return { additions: 0, deletions: 0 };
  const patch = text.slice(start + 1);
  const lines = patch.split('\n');
  const count = (sign: string): number => lines.filter(line => line.startsWith(sign)).length;
  return { additions: count('+'), deletions: count('-'), patch };
}

/** One file, or the entries of a directory; undefined when the path is not in that commit. */
export async function readPath(dir: string, commit: string, path: string): Promise<TreeEntry[] | undefined> {
  const spec = path === '' ? `${commit}^{tree}` : `${commit}:${path}`;
  const sha = await resolveRef(dir, spec);
  if (sha === undefined) return undefined;
  const type = await git(dir, { args: ['cat-file', '-t', sha] });
  const args = type === 'tree' ? ['ls-tree', '-l', '-z', sha] : ['ls-tree', '-l', '-z', commit, '--', path];
  const listed = (await git(dir, { args })).split('\0').filter(Boolean).map(parseEntry);
  const prefix = path === '' ? '' : `${path}/`;
  return type === 'tree' ? listed.map(entry => ({ ...entry, path: prefix + entry.path })) : listed;
}

export const isDirectory = async (dir: string, commit: string, path: string): Promise<boolean> =>
  path === '' || (await tryGit(dir, ['cat-file', '-t', `${commit}:${path}`])) === 'tree';

function parseEntry(line: string): TreeEntry {
  const [head = '', path = ''] = line.split('\t');
  const [mode = '', type = '', sha = '', size = '0'] = head.split(/\s+/);
  return { mode, type, sha, size: Number(size) || 0, path };
}

export async function readBlob(dir: string, sha: string): Promise<Buffer> {
  const result = await runGit(dir, { args: ['cat-file', 'blob', sha] });
  if (result.code !== 0) throw new Error(`no blob ${sha}`);
  return result.stdout;
}

/** Creates a bare repository and replays commits into it, so that simulated repositories have a history. */
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { git } from './run.ts';
import { commitTree, forceRef, writeTree } from './write.ts';

export interface HistoryCommit {
  readonly message: string;
  readonly author: { readonly name: string; readonly email: string };
  /** ISO 8601; default: the simulator's current time. */
  readonly date?: string;
  /** Files written by this commit; null removes one. */
  readonly files: Readonly<Record<string, string | Buffer | null>>;
}

export async function initBare(dir: string, defaultBranch: string): Promise<void> {
  await mkdir(dirname(dir), { recursive: true });
  await git(dir, {
    args: ['init', '--quiet', '--bare', `--initial-branch=${defaultBranch}`, '--template=', dir],
  });
}

/** Resolves to the tip. */
export async function replay(
  dir: string,
  input: { branch: string; commits: readonly HistoryCommit[]; nowMs: number },
): Promise<string | undefined> {
  let tip: string | undefined;
  for (const commit of input.commits) {
    const tree = await writeTree(dir, tip, commit.files);
    const atMs = commit.date === undefined ? input.nowMs : Date.parse(commit.date);
    const parents = tip === undefined ? [] : [tip];
    tip = await commitTree(dir, {
      tree,
      parents,
      message: commit.message,
      author: { ...commit.author, atMs },
    });
  }
  if (tip !== undefined) await forceRef(dir, `refs/heads/${input.branch}`, tip);
  return tip;
}

/** Every file below a folder, by its path with slashes. */
export async function filesBelow(folder: string): Promise<Record<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files: Record<string, Buffer> = {};
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).split(sep).join('/')] = await readFile(path);
  }
  return files;
}

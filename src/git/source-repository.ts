/** A repository on a person's disk. Trusted git reads it, without its index and work tree, and never writes to it. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { copyHistory } from './copy-history.ts';
import { GitError } from './git-error.ts';
import { ensureMirror, isCommitId, type Mirror, resolve as commitOf } from './mirror.ts';
import { hasCommit } from './objects.ts';
import { gitLine, runGit } from './run-git.ts';

export interface SourceRepository {
  /** The work tree, or the directory of a bare repository. */
  readonly root: string;
  /** Contains HEAD. The objects of a linked work tree are in `commonDir`. */
  readonly gitDir: string;
  /** Contains objects and refs. */
  readonly commonDir: string;
}

/** The repository that a directory belongs to, or undefined. */
export async function findSource(dir: string): Promise<SourceRepository | undefined> {
  for (let at = resolve(dir); ; at = dirname(at)) {
    const gitDir = await gitDirOf(at);
    if (gitDir !== undefined) return { root: at, gitDir, commonDir: await commonDirOf(gitDir) };
    if (dirname(at) === at) return undefined;
  }
}

/** The commit of a branch, a tag, `HEAD` or a full id; undefined when it does not exist. Throws `GitError` on other forms. */
export async function sourceCommit(source: SourceRepository, revision: string): Promise<string | undefined> {
  const found = await commitOf(asMirror(source, source.gitDir), revision);
  if (found !== undefined && !isCommitId(found))
    throw new GitError('bad-input', 'repositories with SHA-256 object names are not supported');
  return found;
}

/** `owner/name` from the URL of the remote `origin`, or undefined. The remote is not contacted. */
export async function originOf({ gitDir }: SourceRepository): Promise<string | undefined> {
  const config = await runGit({ gitDir, args: ['config', '--local', '--get', 'remote.origin.url'] });
  const [, name] = /[/:]([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(config.stdout.toString('utf8').trim()) ?? [];
  return name;
}

export interface MirrorSourceInput {
  readonly source: SourceRepository;
  readonly root: string;
  readonly key: string;
  readonly commit: string;
  readonly signal?: AbortSignal;
}

/** Makes a mirror with the history of that commit and nothing else of the repository. */
export async function mirrorSource(input: MirrorSourceInput): Promise<Mirror> {
  const { source, root, key, commit, signal } = input;
  const shallow = await gitLine({ gitDir: source.gitDir, args: ['rev-parse', '--is-shallow-repository'] });
  if (shallow !== 'false')
    throw new GitError(
      'bad-input',
      'the repository is a shallow clone. Fix: run `git fetch --unshallow` in it',
    );
  const mirror = await ensureMirror({ root, key });
  if (!(await hasCommit({ mirror }, commit))) {
    const from = asMirror(source, source.commonDir);
    await copyHistory({ mirror: from, base: commit, into: mirror.gitDir, ...(signal ? { signal } : {}) });
  }
  return mirror;
}

function asMirror({ root }: SourceRepository, gitDir: string): Mirror {
  return { root, gitDir };
}

/** `.git` as a directory, as the file of a linked work tree or submodule, or a bare repository itself. */
async function gitDirOf(dir: string): Promise<string | undefined> {
  const dotGit = join(dir, '.git');
  if (await isGitDir(dotGit)) return dotGit;
  const [, linked] = /^gitdir: (.+)$/m.exec(await textOf(dotGit)) ?? [];
  if (linked !== undefined) return resolve(dir, linked.trimEnd());
  return (await isGitDir(dir)) ? dir : undefined;
}

async function commonDirOf(gitDir: string): Promise<string> {
  const common = (await textOf(join(gitDir, 'commondir'))).trim();
  return common === '' ? gitDir : resolve(gitDir, common);
}

async function isGitDir(dir: string): Promise<boolean> {
  const [head, objects] = await Promise.all(
    ['HEAD', 'objects'].map(name => stat(join(dir, name)).catch(() => undefined)),
  );
  return head?.isFile() === true && objects?.isDirectory() === true;
}

async function textOf(file: string): Promise<string> {
  return await readFile(file, 'utf8').catch(() => '');
}

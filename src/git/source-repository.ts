/** A repository on a person's disk. Trusted git reads it, without its index and work tree, and never writes to it. */
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { FixableTrouble } from '../domain/trouble.ts';
import { copyHistory } from './copy-history.ts';
import type { History } from './history.ts';
import { ensureMirror, type Mirror, resolve as commitOf } from './mirror.ts';
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

/** Why a run cannot start from this repository, or undefined. Asked first: git would call its commits unknown. */
export async function sourceTrouble({
  root,
  commonDir,
}: SourceRepository): Promise<FixableTrouble | undefined> {
  const format = await runGit({ gitDir: commonDir, args: ['rev-parse', '--show-object-format'] });
  if (format.exitCode !== 0)
    return {
      what: `git cannot read ${root}: ${format.stderr.replaceAll(/\s+/g, ' ')}`,
      fix: 'install a git that knows this kind of repository, or clone it again without it',
    };
  const name = format.stdout.toString('utf8').trim();
  if (name !== 'sha1')
    return {
      what: `${root} has object names of ${name}`,
      fix: 'use a repository with SHA-1 object names, as on GitHub; others are not supported',
    };
  const promised = await runGit({
    gitDir: commonDir,
    args: [
      'config',
      '--local',
      '--get-regexp',
      String.raw`^(extensions\.partialclone|remote\..*\.promisor)$`,
    ],
  });
  return promised.exitCode === 0
    ? {
        what: `${root} is a partial clone: objects are missing, and a run by hand fetches nothing`,
        fix: 'clone the repository again without --filter',
      }
    : undefined;
}

/** The commit of a branch, a tag, `HEAD` or a full id; undefined when it does not exist. Throws `GitError` on other forms. */
export async function sourceCommit(source: SourceRepository, revision: string): Promise<string | undefined> {
  return await commitOf(asMirror(source, source.gitDir), revision);
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
  readonly history: History;
  readonly signal?: AbortSignal;
}

/** A shallow clone has no history to give. */
export async function isShallow({ gitDir }: SourceRepository): Promise<boolean> {
  return (await gitLine({ gitDir, args: ['rev-parse', '--is-shallow-repository'] })) === 'true';
}

/** Makes a mirror with that commit, its history if asked, and nothing else of the repository. */
export async function mirrorSource(input: MirrorSourceInput): Promise<Mirror> {
  const { source, root, key, commit, history, signal } = input;
  const mirror = await ensureMirror({ root, key });
  if (!(await hasCommit({ mirror }, commit))) {
    const from = asMirror(source, source.commonDir);
    await copyHistory({
      mirror: from,
      base: commit,
      into: mirror.gitDir,
      history,
      ...(signal ? { signal } : {}),
    });
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

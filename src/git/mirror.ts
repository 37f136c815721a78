/** One bare mirror per repository: the trusted cache that workspaces, quarantines and pushes use. */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { removeTree } from '../host/remove-tree.ts';
import type { GitHost } from './git-environment.ts';
import { GitError, isMissingRef, isRefLocked } from './git-error.ts';
import { type History, withinHistory } from './history.ts';
import type { GitRemote } from './remote.ts';
import type { GitCommand } from './run-git.ts';
import { gitFailure, gitLine, runGit } from './run-git.ts';

export interface Mirror {
  readonly root: string;
  readonly gitDir: string;
  readonly host?: GitHost | undefined;
}

export interface EnsureMirrorInput {
  readonly root: string;
  /** GitHub's repository id: it never changes, so a renamed repository keeps its mirror. */
  readonly key: string;
  readonly host?: GitHost | undefined;
}

export interface FetchRefInput {
  readonly mirror: Mirror;
  readonly remote: GitRemote;
  /** A full ref (`refs/heads/main`, `refs/pull/7/head`), `HEAD`, or a commit id. */
  readonly ref: string;
  /** Absent: all of it, without a limit. A mirror has either shallow commits or complete ones. */
  readonly history?: History | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/**
 * Neutralises the repository's attributes: a checkout writes the exact bytes of the blobs, a diff shows every file.
 * `info/attributes` takes precedence over every .gitattributes of a tree.
 */
export const NEUTRAL_ATTRIBUTES =
  '* -text -eol -ident -filter -working-tree-encoding !diff !merge !export-ignore !export-subst\n';

/** Creates the mirror when it is missing. Safe when two processes do so at once. */
export async function ensureMirror(input: EnsureMirrorInput): Promise<Mirror> {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/.test(input.key))
    throw new GitError('bad-input', 'the mirror key is not a plain name');
  const mirror: Mirror = { root: input.root, gitDir: join(input.root, `${input.key}.git`), host: input.host };
  if (await exists(join(mirror.gitDir, 'HEAD'))) return mirror;
  await mkdir(input.root, { recursive: true, mode: 0o700 });
  const fresh: Mirror = { ...mirror, gitDir: join(input.root, `.new-${randomUUID()}`) };
  try {
    await gitLine({
      ...at(fresh),
      args: ['init', '--quiet', '--bare', '--template=', '--initial-branch=unused'],
    });
    await mkdir(join(fresh.gitDir, 'info'), { recursive: true });
    await writeFile(join(fresh.gitDir, 'info', 'attributes'), NEUTRAL_ATTRIBUTES);
    await rename(fresh.gitDir, mirror.gitDir).catch(async (error: unknown) => {
      if (!(await exists(join(mirror.gitDir, 'HEAD')))) throw error; // else another process created it first
    });
  } finally {
    await removeTree(fresh.gitDir);
  }
  return mirror;
}

/** Fetches one ref into the mirror and returns its commit; undefined when the server does not have it. */
export async function fetchRef(input: FetchRefInput): Promise<string | undefined> {
  if (!isSafeRef(input.ref)) throw new GitError('bad-input', 'the ref to fetch is malformed');
  return serialized(input.mirror.gitDir, () => fetchOnce(input, 1));
}

/** The commit of a revision in the mirror, or undefined. */
export async function resolve(mirror: Mirror, revision: string): Promise<string | undefined> {
  if (!isSafeRef(revision)) throw new GitError('bad-input', 'the revision is malformed');
  const args = ['rev-parse', '--quiet', '--verify', '--end-of-options', `${revision}^{commit}`];
  const result = await runGit({ ...at(mirror), args });
  return result.exitCode === 0 ? result.stdout.toString('utf8').trim() : undefined;
}

/** True when `ancestor` is reachable from `descendant` or is the same commit; both must be in the mirror. */
export async function isAncestor(mirror: Mirror, ancestor: string, descendant: string): Promise<boolean> {
  requireCommitId(ancestor);
  requireCommitId(descendant);
  const command: GitCommand = { ...at(mirror), args: ['merge-base', '--is-ancestor', ancestor, descendant] };
  const result = await runGit(command);
  if (result.exitCode > 1) throw gitFailure(command, result);
  return result.exitCode === 0;
}

/** The fields that every command on this mirror shares. */
export function at(mirror: Mirror): Pick<GitCommand, 'gitDir' | 'host'> {
  return { gitDir: mirror.gitDir, host: mirror.host };
}

export function isCommitId(text: string): boolean {
  return /^[0-9a-f]{40}$/.test(text);
}

export function requireCommitId(text: string): void {
  if (!isCommitId(text)) throw new GitError('bad-input', 'not a full commit id');
}

const REF_BYTES_MAX = 1_024;

/**
 * The rules of `git check-ref-format --allow-onelevel`, with a bound. A valid name contains no refspec, reflog or ancestry
 * syntax; one that starts with a dash is refused because git could take it for an option.
 */
export function isSafeRef(ref: string): boolean {
  return (
    ref !== '' &&
    ref !== '@' &&
    Buffer.byteLength(ref) <= REF_BYTES_MAX &&
    !/^[-+/.]|[\p{Cc}\p{Cs} ~^:?*[\\]|\.\.|\/\/|\/\.|@\{|\.lock(?:\/|$)|[/.]$/u.test(ref)
  );
}

const ATTEMPTS_MAX = 5;

async function fetchOnce(input: FetchRefInput, attempt: number): Promise<string | undefined> {
  const kept = `refs/fetched/${createHash('sha256').update(input.ref).digest('hex').slice(0, 32)}`;
  const { history } = input;
  const command: GitCommand = {
    ...at(input.mirror),
    args: [
      'fetch',
      '--quiet',
      '--no-tags',
      '--no-write-fetch-head',
      ...(history?.kind === 'shallow' ? ['--depth=1'] : []),
      '--end-of-options',
      input.remote.url,
      `+${input.ref}:${kept}`,
    ],
    remote: input.remote,
    signal: input.signal,
    ...(input.timeoutMs === undefined ? {} : { timeoutMs: input.timeoutMs }),
  };
  const objectDirectory = join(input.mirror.gitDir, 'objects');
  const result = await withinHistory({ objectDirectory, history, signal: input.signal }, signal =>
    runGit({ ...command, signal }),
  );
  if (result.exitCode === 0) return resolve(input.mirror, kept);
  if (isMissingRef(result.stderr)) return undefined;
  if (isRefLocked(result.stderr) && attempt < ATTEMPTS_MAX) {
    await delay(50 * attempt);
    return fetchOnce(input, attempt + 1);
  }
  throw gitFailure(command, result);
}

const queues = new Map<string, Promise<unknown>>();

/** Serializes this process's fetches into one mirror, so a later fetch reuses the objects of an earlier one. */
async function serialized<T>(key: string, work: () => Promise<T>): Promise<T> {
  const mine = (queues.get(key) ?? Promise.resolve()).then(work, work);
  queues.set(key, mine);
  try {
    return await mine;
  } finally {
    if (queues.get(key) === mine) queues.delete(key);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

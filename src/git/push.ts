/** Pushes one built commit from its quarantine, only if the branch is at the expected commit. */
import { GitError } from './git-error.ts';
import type { Mirror } from './mirror.ts';
import { isSafeRef, requireCommitId } from './mirror.ts';
import { hasCommit, within } from './objects.ts';
import type { PushResult } from './push-result.ts';
import { readPushResult } from './push-result.ts';
import type { Quarantine } from './quarantine.ts';
import type { GitRemote } from './remote.ts';
import { runGit } from './run-git.ts';

export interface PushCommitInput {
  readonly mirror: Mirror;
  readonly quarantine: Pick<Quarantine, 'objectDirectory'>;
  readonly remote: GitRemote;
  /** Short name, without `refs/heads/`. */
  readonly branch: string;
  readonly commit: string;
  /**
   * The commit the branch must be at; null: the branch must not exist. Two pushes that create it with the same commit
   * both succeed, so a successful push is not a lock.
   */
  readonly expectedOld: string | null;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * libcurl resends a request on its own when a reused connection breaks before the response. If the first push had
 * succeeded, the resent one reports "stale". Only a new connection for each request prevents that.
 */
const sentOnce = { 'http.version': 'HTTP/1.1', 'http.extraHeader': 'Connection: close' };

/**
 * Sends the push once. Returns `unknown` when there is no result for the ref, as after a timeout or a cancellation.
 * Throws only for errors found before anything is sent.
 */
export async function pushCommit(input: PushCommitInput): Promise<PushResult> {
  const ref = `refs/heads/${input.branch}`;
  if (!isSafeRef(ref) || input.branch.startsWith('-'))
    throw new GitError('bad-input', 'the branch name is malformed');
  if (input.expectedOld !== null) requireCommitId(input.expectedOld);
  const source = { mirror: input.mirror, objectDirectory: input.quarantine.objectDirectory };
  if (!(await hasCommit(source, input.commit)))
    throw new GitError('failed', 'the commit to push is not in the quarantine');
  const lease = `--force-with-lease=${ref}:${input.expectedOld ?? ''}`;
  try {
    const result = await runGit({
      ...within(source),
      args: ['push', '--porcelain', '--no-verify', lease, input.remote.url, `${input.commit}:${ref}`],
      remote: input.remote,
      settings: sentOnce,
      signal: input.signal,
      ...(input.timeoutMs === undefined ? {} : { timeoutMs: input.timeoutMs }),
    });
    return readPushResult(result.stdout.toString('utf8'), result.stderr, ref);
  } catch (error) {
    if (error instanceof GitError && error.kind !== 'bad-input')
      return { kind: 'unknown', detail: error.message };
    throw error;
  }
}

/** Pushes one built commit straight from its quarantine, only if the branch is where it is expected to be. */
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
  /** Short name; `refs/heads/` is added. */
  readonly branch: string;
  readonly commit: string;
  /**
   * Where the branch must be now; null: it must not exist. Two pushes that create it with the same commit both succeed,
   * so creating one claims nothing.
   */
  readonly expectedOld: string | null;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * libcurl repeats a request by itself when a connection that it uses again breaks before the answer. The repetition
 * of a push that had succeeded reports "stale": only a fresh connection for each request prevents it.
 */
const sentOnce = { 'http.version': 'HTTP/1.1', 'http.extraHeader': 'Connection: close' };

/**
 * Sends once. What ends without an answer for the ref, a timeout or a cancellation too, is `unknown`. Throws only
 * for what is wrong before anything is sent.
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

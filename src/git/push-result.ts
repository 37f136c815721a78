/** Interprets the output of `git push --porcelain` for one ref; measured with git 2.39. Pure. */

import { type GitErrorKind, kindOfFailure } from './git-error.ts';

export type PushKind = 'pushed' | 'already-there' | 'stale' | 'refused' | 'unknown';

export interface PushResult {
  readonly kind: PushKind;
  /** The message of git or the server, for people and the audit. */
  readonly detail: string;
  /** Why the command failed; only when git reported no result for the ref. */
  readonly failure?: GitErrorKind;
}

/** Without a line for the ref, it is unknown whether the ref moved: the caller must read it from the server. */
export function readPushResult(stdout: string, stderr: string, ref: string): PushResult {
  const line = stdout.split('\n').find(one => one.split('\t')[1]?.endsWith(`:${ref}`));
  if (line === undefined)
    return {
      kind: 'unknown',
      detail: stderr === '' ? 'git reported no result for the ref' : stderr,
      failure: kindOfFailure(stderr),
    };
  const summary = line.split('\t')[2] ?? '';
  return { kind: kindOf(line.charAt(0), summary), detail: withServerMessages(summary, stderr) };
}

function kindOf(flag: string, summary: string): PushKind {
  if (flag === '=') return 'already-there';
  if (flag !== '!') return 'pushed';
  if (/remote failure|internal server error|failed to report status|time(d )?out/i.test(summary))
    return 'unknown';
  if (
    /stale info|failed to update ref|cannot lock ref|fetch first|non-fast-forward|already exists/i.test(
      summary,
    )
  )
    return 'stale';
  return 'refused';
}

/** Servers explain a refusal on stderr (`remote: error: GH006: …`). */
function withServerMessages(summary: string, stderr: string): string {
  const said = stderr
    .split('\n')
    .filter(line => line.startsWith('remote:'))
    .map(line => line.slice('remote:'.length).trim())
    .filter(line => line !== '');
  return [summary, ...said].join('\n');
}

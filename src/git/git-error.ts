/** Why trusted git could not do what it was asked to; the failure mapper of an activity decides by `kind`. */

export type GitErrorKind =
  | 'auth' // the server refused the credential
  | 'moved' // the repository has another address; redirects are never followed
  | 'not-found' // there is no such repository, or none that the credential may see
  | 'network' // not reached, reset, too slow, 5xx
  | 'timeout'
  | 'cancelled'
  | 'output-too-large'
  | 'bad-input' // refused before git was started
  | 'failed'; // git said no

export class GitError extends Error {
  readonly kind: GitErrorKind;
  /** What git wrote to stderr: printable, capped, without the credential. */
  readonly stderr: string;

  constructor(kind: GitErrorKind, message: string, stderr = '') {
    super(stderr === '' ? message : `${message}: ${stderr}`);
    this.name = 'GitError';
    this.kind = kind;
    this.stderr = stderr;
  }
}

/**
 * Names the kind of a failed command from git's messages: its exit codes tell nothing apart. Git is always run with
 * LC_ALL=C; what it says is read here, and of a push in `push-result.ts`.
 */
export function kindOfFailure(stderr: string): GitErrorKind {
  // A page with status 200 instead of an answer makes git ask for the objects one by one, which no server of ours knows.
  if (/Cannot obtain needed object|unable to find [0-9a-f]{40}/i.test(stderr)) return 'network';
  if (/Authentication failed|could not read (Username|Password)|returned error: 40[13]/.test(stderr))
    return 'auth';
  if (/returned error: 30[12378]/.test(stderr)) return 'moved';
  if (/repository '.*' not found|returned error: 404/.test(stderr)) return 'not-found';
  if (networkTrouble.test(stderr)) return 'network';
  return 'failed';
}

/** A fetch: the server does not have what was asked for. */
export function saysNoSuchRef(stderr: string): boolean {
  return /couldn't find remote ref|not our ref/.test(stderr);
}

/** Another process is writing the same ref of the same repository; git's own lock is held for milliseconds. */
export function saysLocked(stderr: string): boolean {
  return /cannot lock ref|shallow\.lock|\.lock': File exists/.test(stderr);
}

const networkTrouble = new RegExp(
  [
    'Could not resolve host',
    'Failed to connect',
    'Connection (refused|reset|timed out)',
    'returned error: (429|5\\d\\d)',
    'Operation too slow',
    'hung up unexpectedly',
    'early EOF',
    'Recv failure',
    'Empty reply from server',
    'RPC failed',
    'unexpected disconnect',
  ].join('|'),
);

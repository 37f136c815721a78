/** Why a trusted git command failed. The failure mapper of an activity decides by `kind`. */

import { PROXY_FIX, TRUST_FIX } from '../host/network/trouble.ts';

export type GitErrorKind =
  | 'auth' // the server refused the credential
  | 'moved' // the server redirects to another URL; redirects are never followed
  | 'not-found' // the repository does not exist, or the credential has no access to it
  | 'network' // unreachable, reset, too slow, 5xx
  | 'timeout'
  | 'cancelled'
  | 'output-too-large'
  | 'history-too-large'
  | 'no-space' // the disk or the workspace is full
  | 'unsupported' // the repository has a form that this git cannot read, such as SHA-256 object names
  | 'bad-input' // refused before git started
  | 'failed'; // any other error of git

export class GitError extends Error {
  readonly kind: GitErrorKind;
  /** Git's stderr: printable, capped, without the credential. */
  readonly stderr: string;

  constructor(kind: GitErrorKind, message: string, stderr = '') {
    super(stderr === '' ? message : `${message}: ${stderr}`);
    this.name = 'GitError';
    this.kind = kind;
    this.stderr = stderr;
  }
}

/**
 * Derives the kind from git's messages, because its exit codes do not distinguish failures. Git always runs with
 * LC_ALL=C. Only this file and `push-result.ts` parse its messages.
 */
export function kindOfFailure(stderr: string): GitErrorKind {
  // An HTML page with status 200 makes git fall back to the dumb HTTP protocol, which GitHub does not support.
  if (/Cannot obtain needed object|unable to find [0-9a-f]{40}/i.test(stderr)) return 'network';
  if (/Authentication failed|could not read (Username|Password)|returned error: 40[13]/.test(stderr))
    return 'auth';
  if (/returned error: 30[12378]/.test(stderr)) return 'moved';
  if (/repository '.*' not found|returned error: 404/.test(stderr)) return 'not-found';
  // A checkout names no cause (`unable to write file`); the others are the system's words and those of pack-objects.
  if (/No space left on device|Out of disk ?space|Disk quota exceeded|unable to write file/i.test(stderr))
    return 'no-space';
  if (/mismatched algorithms|unknown repository extension|Expected git repo version/.test(stderr))
    return 'unsupported';
  if (networkTrouble.test(stderr)) return 'network';
  return 'failed';
}

/** What the operator can do about a connection that the settings of the host prevent. */
export function networkFix(stderr: string): string | undefined {
  if (UNTRUSTED.test(stderr)) return TRUST_FIX;
  return REFUSED_BY_PROXY.test(stderr) ? PROXY_FIX : undefined;
}

/** The server does not have the ref or commit that a fetch asked for. */
export function isMissingRef(stderr: string): boolean {
  return /couldn't find remote ref|not our ref|not allow request for unadvertised object/.test(stderr);
}

/** Another process is writing the same ref of the same repository. Git holds this lock for milliseconds. */
export function isRefLocked(stderr: string): boolean {
  return /cannot lock ref|shallow\.lock|\.lock': File exists/.test(stderr);
}

/** Of OpenSSL and of GnuTLS. */
const UNTRUSTED = /SSL certificate problem|server certificate verification failed/;
const REFUSED_BY_PROXY = /CONNECT tunnel failed|HTTP code \d{3} from proxy|Could not resolve proxy/;

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
    UNTRUSTED.source,
    REFUSED_BY_PROXY.source,
  ].join('|'),
);

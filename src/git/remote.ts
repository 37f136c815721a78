/** A repository on a server: its URL, and how to get the credential when it is used. */
import type { GitAccess } from '../host/network/network.ts';
import { GitError } from './git-error.ts';

export interface GitRemote {
  /** `https://host/owner/name.git`, without user or password. */
  readonly url: string;
  /** Called once per git command. The token never appears in argv, URL, configuration or environment. */
  readonly token?: () => Promise<string>;
  /** Allows plain http to a host that is not loopback; only for a server that the policy names. */
  readonly allowHttp?: boolean;
  /** The way to the server; absent: directly, with the authorities that git knows. */
  readonly access?: GitAccess;
}

/** Why this remote must not be used, or undefined. */
export function remoteProblem(remote: GitRemote): string | undefined {
  if (!URL.canParse(remote.url)) return 'the git remote is not a URL';
  const url = new URL(remote.url);
  if (url.username !== '' || url.password !== '') return 'the git remote has a credential in its URL';
  if (url.search !== '' || url.hash !== '') return 'the git remote has a query or a fragment';
  if (url.protocol === 'https:') return undefined;
  if (url.protocol !== 'http:') return `the git remote uses ${url.protocol}; only https: is allowed`;
  return isHttpAllowed(remote, url)
    ? undefined
    : `the git remote ${url.origin} uses plain http; only https is allowed`;
}

export interface RemoteAccess {
  readonly url: string;
  readonly origin: string;
  readonly allowHttp: boolean;
}

/** The parts of a remote that a git command needs. Throws when the remote must not be used. */
export function remoteAccess(remote: GitRemote): RemoteAccess {
  const problem = remoteProblem(remote);
  if (problem !== undefined) throw new GitError('bad-input', problem);
  const url = new URL(remote.url);
  return { url: url.href, origin: url.origin, allowHttp: url.protocol === 'http:' };
}

function isHttpAllowed(remote: GitRemote, url: URL): boolean {
  return remote.allowHttp === true || ['127.0.0.1', '[::1]', 'localhost'].includes(url.hostname);
}

/**
 * The environment of trusted git. It ignores the host's configuration, and disables everything in a repository that
 * could run a program, reach a network or hide bytes.
 */

import type { GitAccess } from '../host/network/network.ts';

/** The only host setting that every git gets. */
export interface GitHost {
  readonly path?: string;
}

export interface EnvironmentInput {
  readonly host?: GitHost | undefined;
  /** For a command that talks to a server. */
  readonly access?: GitAccess | undefined;
  readonly allowHttp?: boolean;
  readonly settings?: Readonly<Record<string, string>>;
  readonly variables?: Readonly<Record<string, string>>;
}

/** Each comment says what the setting prevents. */
export const hardenedSettings: Readonly<Record<string, string>> = {
  'core.hooksPath': '/dev/null', // hooks run programs
  'core.fsmonitor': 'false', // can name a program
  'core.attributesFile': '/dev/null',
  'core.excludesFile': '/dev/null',
  'core.pager': 'cat',
  'core.editor': 'false',
  'core.sshCommand': 'false',
  'core.autocrlf': 'false', // rewrites bytes
  'core.splitIndex': 'false', // writes a second index file next to ours
  'core.protectHFS': 'true', // .git with zero-width letters
  'core.protectNTFS': 'true', // git~1, .git::$INDEX_ALLOCATION, backslashes
  'safe.bareRepository': 'explicit', // a bare repository embedded in a tree
  'protocol.allow': 'never',
  // A repository's own setting for one transport would win over the line above.
  'protocol.ext.allow': 'never', // runs a program
  'protocol.file.allow': 'never',
  'protocol.git.allow': 'never',
  'protocol.http.allow': 'never',
  'protocol.ssh.allow': 'never',
  'protocol.https.allow': 'always',
  'http.followRedirects': 'false', // would send the credential to another host
  'http.lowSpeedLimit': '1000',
  'http.lowSpeedTime': '30',
  'transfer.fsckObjects': 'true', // malformed objects, look-alike .gitmodules
  // Harmless flaws of old commits in real histories. Without these, the whole repository would be refused.
  'fetch.fsck.zeroPaddedFilemode': 'ignore',
  'fetch.fsck.badTimezone': 'ignore',
  'fetch.fsck.missingSpaceBeforeDate': 'ignore',
  'submodule.recurse': 'false',
  'fetch.recurseSubmodules': 'false',
  'push.recurseSubmodules': 'no',
  'push.followTags': 'false',
  'push.gpgSign': 'false',
  'commit.gpgSign': 'false',
  'i18n.commitEncoding': 'UTF-8', // the encoding is part of the commit id
  'gc.autoDetach': 'false', // no process outlives its command
  'maintenance.autoDetach': 'false',
};

const DEFAULT_PATH = '/usr/local/bin:/usr/bin:/bin:/opt/homebrew/bin';

/** The complete environment of one git process; nothing is inherited. */
export function gitEnvironment(input: EnvironmentInput): Record<string, string> {
  const settings = {
    ...hardenedSettings,
    ...(input.allowHttp === true ? { 'protocol.http.allow': 'always' } : {}),
    ...input.settings,
  };
  return {
    ...fixedVariables,
    // Wins over every setting: any other transport is refused, also one that a future git adds.
    GIT_ALLOW_PROTOCOL: input.allowHttp === true ? 'https:http' : 'https',
    PATH: input.host?.path ?? DEFAULT_PATH,
    ...accessVariables(input.access ?? {}),
    ...asVariables(settings),
    ...input.variables,
  };
}

const fixedVariables: Readonly<Record<string, string>> = {
  HOME: '/dev/null', // no ~/.netrc, no ~/.config
  LC_ALL: 'C', // messages are parsed
  TZ: 'UTC',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_ATTR_NOSYSTEM: '1',
  GIT_TERMINAL_PROMPT: '0',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_NO_LAZY_FETCH: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_LITERAL_PATHSPECS: '1',
};

/** Not as settings: `git -c` would show a password in the arguments of its children. */
function accessVariables({ proxy, caFile }: GitAccess): Record<string, string> {
  return {
    ...(proxy === undefined ? {} : { HTTPS_PROXY: proxy, http_proxy: proxy }),
    ...(caFile === undefined ? {} : { GIT_SSL_CAINFO: caFile, GIT_PROXY_SSL_CAINFO: caFile }),
  };
}

function asVariables(settings: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(settings);
  const pairs = entries.flatMap(([key, value], index) => [
    [`GIT_CONFIG_KEY_${index}`, key],
    [`GIT_CONFIG_VALUE_${index}`, value],
  ]);
  return {
    GIT_CONFIG_COUNT: String(entries.length),
    ...(Object.fromEntries(pairs) as Record<string, string>),
  };
}

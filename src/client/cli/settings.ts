/** Merges settings from flags, the environment and the file that `up` writes, without sending a secret of one to an address of another. */
import { fallbackOf, joinSettings, namesDestination } from '../../config/destinations.ts';

type Values = Readonly<Record<string, string | undefined>>;

export interface SettingsInput {
  readonly flags: {
    readonly temporalAddress?: string;
    readonly temporalNamespace?: string;
    readonly githubApiUrl?: string;
  };
  readonly environment: Values;
  readonly file: Values;
  /** Tells the person why an existing file is ignored. */
  readonly note?: string;
}

export interface Settings {
  /** Keyed by environment variable. */
  readonly values: Values;
  /** Flags and environment alone, without the file: for `up` itself and other long-running processes. */
  readonly own: Values;
  readonly github: GitHubSettings;
  /** The address of GitHub with the credentials that may be sent there, keyed by environment variable. */
  readonly githubValues: Values;
  readonly note?: string;
}

export interface GitHubSettings {
  readonly apiUrl: string;
  /** The person's own token. Secret: never print. */
  readonly token?: string;
}

/**
 * The file describes one installation: a Temporal server and the GitHub of its scheduler. With another Temporal the
 * file's GitHub does not apply either.
 */
export function resolveSettings({ flags, environment, file, note }: SettingsInput): Settings {
  const own = onlyGiven(withFlags(environment, flags));
  const elsewhere = namesDestination('Temporal', own);
  const applying = elsewhere ? without(file, /^(?:TEMPORAL|GITHUB)_/) : file;
  const { values, withheld } = joinSettings(own, applying);
  const notes = [...(note === undefined || elsewhere ? [] : [note]), ...withheldNote(withheld, values)];
  return {
    // For commands that act with the scheduler's credential: they get no token of the file.
    values: { ...without(values, /^GITHUB_/), ...only(own, /^GITHUB_/) },
    own,
    github: githubSettings(values),
    githubValues: only(values, /^GITHUB_/),
    ...(notes.length === 0 ? {} : { note: notes.join('\n') }),
  };
}

function githubSettings(values: Values): GitHubSettings {
  const { GITHUB_API_URL: apiUrl = fallbackOf('GitHub'), GITHUB_TOKEN: token } = values;
  return { apiUrl, ...(token === undefined ? {} : { token }) };
}

/** GitHub works without a token for much; without a key, Temporal may refuse the connection. */
function withheldNote(withheld: readonly string[], { TEMPORAL_ADDRESS: address }: Values): readonly string[] {
  const ofTemporal = withheld.filter(name => name.startsWith('TEMPORAL_'));
  if (ofTemporal.length === 0) return [];
  return [
    `not using ${ofTemporal.join(', ')}: Temporal's address ${address ?? ''} is from the settings in this folder. To use both, set TEMPORAL_ADDRESS too`,
  ];
}

function withFlags(environment: Values, flags: SettingsInput['flags']): Values {
  const { temporalAddress, temporalNamespace, githubApiUrl } = flags;
  return {
    ...environment,
    ...(temporalAddress === undefined ? {} : { TEMPORAL_ADDRESS: temporalAddress }),
    ...(temporalNamespace === undefined ? {} : { TEMPORAL_NAMESPACE: temporalNamespace }),
    ...(githubApiUrl === undefined ? {} : { GITHUB_API_URL: githubApiUrl }),
  };
}

/** An empty variable counts as not set. */
function given(value: string | undefined): string | undefined {
  return value === '' ? undefined : value;
}

function onlyGiven(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => given(value) !== undefined));
}

function only(values: Values, pattern: RegExp): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => pattern.test(name)));
}

function without(values: Values, pattern: RegExp): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !pattern.test(name)));
}

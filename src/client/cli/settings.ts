/** Merges settings from flags, the environment and the file that `up` writes, and decides which may be combined. */
import { withoutEnd } from '../../domain/without-end.ts';

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
  readonly note?: string;
}

export interface GitHubSettings {
  readonly apiUrl: string;
  /** The person's own token. Secret: never print. */
  readonly token?: string;
}

const GITHUB_COM = 'https://api.github.com';

/**
 * The file describes one installation: a Temporal server and the GitHub of its scheduler. With another Temporal the
 * file's GitHub does not apply either. A token is sent only to the API that it was set with, so a file in a folder
 * cannot redirect the environment's token.
 */
export function resolveSettings({ flags, environment, file, note }: SettingsInput): Settings {
  const flagged = withFlags(environment, flags);
  const elsewhere = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'].some(
    name => given(flagged[name]) !== undefined,
  );
  const ofFile = Object.entries(file).filter(([name]) => {
    if (name.startsWith('GITHUB_')) return false;
    return !(elsewhere && name.startsWith('TEMPORAL_'));
  });
  const values = { ...Object.fromEntries(ofFile), ...onlyGiven(flagged) };
  const github = githubSettings(flagged, elsewhere ? {} : file);
  return { values, own: onlyGiven(flagged), github, ...(note === undefined || elsewhere ? {} : { note }) };
}

function githubSettings(own: Values, file: Values): GitHubSettings {
  const ownUrl = given(own['GITHUB_API_URL']);
  const fileUrl = given(file['GITHUB_API_URL']);
  const apiUrl = ownUrl ?? fileUrl ?? GITHUB_COM;
  const tokenOf = (values: Values, url: string | undefined): string | undefined =>
    sameUrl(url ?? GITHUB_COM, apiUrl) ? given(values['GITHUB_TOKEN']) : undefined;
  const token = tokenOf(own, ownUrl) ?? tokenOf(file, fileUrl);
  return { apiUrl, ...(token === undefined ? {} : { token }) };
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

function sameUrl(one: string, other: string): boolean {
  return withoutEnd(one, '/').toLowerCase() === withoutEnd(other, '/').toLowerCase();
}

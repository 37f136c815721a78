/** GitHub access of `up` itself: for the checks before the start, and to relay source to the runner. */
import { randomBytes } from 'node:crypto';
import {
  type GitHubCredential,
  githubCredential,
  type ProcessSettings,
  sourceCredential,
} from '../../../config/environment.ts';
import { SettingsError } from '../../../config/settings-error.ts';
import { networkSettings } from '../../../config/network.ts';
import { createGitHub, type GitHub } from '../../../github/client.ts';
import { connections, type Fetch } from '../../../host/network/network.ts';
import { LOOPBACK } from '../../../local/ports.ts';
import { startSourceRelay } from '../../../source-relay/relay.ts';
import { servedRepositories } from '../../../source-relay/served.ts';
import type { UpSettings } from './settings.ts';

/** With the scheduler's credential. */
export function schedulersGitHub({ process }: UpSettings): GitHub {
  return gitHubWith(process, githubCredential(process));
}

export interface RelayedSource {
  /** For the runner: the relay's URL, and a password that works only there. */
  readonly values: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Relays the source of this `up`'s repositories to its runner, so that the runner needs no GitHub credential. */
export async function relaySource({ process, repositories }: UpSettings): Promise<RelayedSource> {
  const github = gitHubWith(process, sourceCredential(process));
  const password = randomBytes(24).toString('hex');
  const relay = await startSourceRelay({
    password,
    listen: { host: LOOPBACK, port: 0 },
    fetch: fetchOf(process),
    source: servedRepositories(github, repositories),
  });
  const values = { SIGNALBOX_SOURCE_URL: relay.url, SIGNALBOX_SOURCE_TOKEN: password };
  return { values, close: () => relay.close() };
}

function fetchOf({ networkEnvironment }: ProcessSettings): Fetch {
  return connections(networkSettings(networkEnvironment)).fetch;
}

function gitHubWith(settings: ProcessSettings, credential: GitHubCredential): GitHub {
  const fetch = fetchOf(settings);
  try {
    return createGitHub({
      ...{ apiUrl: settings.GITHUB_API_URL, credential, fetch },
      userAgent: 'signalbox',
    });
  } catch (error) {
    throw new SettingsError(`invalid GITHUB_API_URL: ${error instanceof Error ? error.message : ''}`);
  }
}

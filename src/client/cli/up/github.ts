/** GitHub access of `up` itself: for the checks before the start, and to relay source to the runner. */
import { randomBytes } from 'node:crypto';
import {
  type GitHubCredential,
  githubCredential,
  SettingsError,
  sourceCredential,
} from '../../../config/environment.ts';
import { repositoryName } from '../../../domain/issue-ref.ts';
import { createGitHub, type GitHub } from '../../../github/client.ts';
import { getRepository } from '../../../github/repository.ts';
import { startSourceRelay } from '../../../local/source-relay.ts';
import type { UpSettings } from './settings.ts';

/** With the scheduler's credential. */
export function schedulersGitHub({ process }: UpSettings): GitHub {
  return gitHubAt(process.GITHUB_API_URL, githubCredential(process));
}

export interface RelayedSource {
  /** For the runner: the relay's URL, and a password that works only there. */
  readonly values: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Relays the source of this `up`'s repositories to its runner, so that the runner needs no GitHub credential. */
export async function relaySource({ process, repositories }: UpSettings): Promise<RelayedSource> {
  const github = gitHubAt(process.GITHUB_API_URL, sourceCredential(process));
  const served = new Set(repositories.map(one => repositoryName(one).toLowerCase()));
  const cloneUrls = new Map<string, string>();
  const password = randomBytes(24).toString('hex');
  const relay = await startSourceRelay({
    password,
    source: async repository => {
      const name = repositoryName(repository).toLowerCase();
      if (!served.has(name)) return undefined;
      const cloneUrl = cloneUrls.get(name) ?? (await getRepository(github, repository)).cloneUrl;
      cloneUrls.set(name, cloneUrl);
      return { cloneUrl, token: await github.token(repository) };
    },
  });
  const values = { SIGNALBOX_SOURCE_URL: relay.url, SIGNALBOX_SOURCE_TOKEN: password };
  return { values, close: () => relay.close() };
}

function gitHubAt(apiUrl: string, credential: GitHubCredential): GitHub {
  try {
    return createGitHub({ apiUrl, credential, userAgent: 'signalbox' });
  } catch (error) {
    throw new SettingsError(`invalid GITHUB_API_URL: ${error instanceof Error ? error.message : ''}`);
  }
}

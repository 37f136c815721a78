/** The source relay as a process: it holds a GitHub credential, so that runners can read source without one. */
import type { Logger } from 'pino';
import {
  type Environment,
  processSettings,
  type ProcessSettings,
  readingCredential,
  repositories,
} from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import { networkSettings } from '../config/network.ts';
import { connections } from '../host/network/network.ts';
import { type RepositoryRef, repositoryName } from '../domain/issue-ref.ts';
import { createGitHub, type GitHub } from '../github/client.ts';
import { isFailure } from '../github/failure.ts';
import { getRepository } from '../github/repository.ts';
import { errorText } from '../host/error-text.ts';
import { startSourceRelay } from '../source-relay/relay.ts';
import { servedRepositories } from '../source-relay/served.ts';
import { addressOf, openedAt, serveUntil } from './listening.ts';
import { watchedGitHub } from './github-signals.ts';
import { createLogger } from './log.ts';
import { processSignals } from './signals.ts';

export async function runSourceRelay(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('source-relay', settings);
  const signals = await processSignals('source-relay', settings, logger);
  const setting = { name: 'SIGNALBOX_SOURCE_LISTEN', value: settings.SIGNALBOX_SOURCE_LISTEN };
  const listen = addressOf(setting);
  const password = passwordOf(settings);
  const served = servedBy(settings);
  const credential = readingCredential(settings);
  const { fetch } = connections(networkSettings(settings.networkEnvironment));
  const github = createGitHub({
    apiUrl: settings.GITHUB_API_URL,
    credential,
    userAgent: 'signalbox-source-relay',
    onAnswer: watchedGitHub(signals),
    fetch,
  });
  await lookAtAll(github, served, logger);
  const relay = await openedAt(setting, () =>
    startSourceRelay({
      password,
      listen,
      fetch,
      source: servedRepositories(github, served),
      onFailure: (repository, why) =>
        logger.warn({ repository: repositoryName(repository), why }, 'cannot relay'),
    }),
  );
  logger.info(
    { url: relay.url, repositories: served.map(repositoryName) },
    'source relay is listening: it serves fetches of these repositories, and nothing else',
  );
  return await serveUntil(stop, signals, relay);
}

const PASSWORD_CHARS_MIN = 16;

function passwordOf({ SIGNALBOX_SOURCE_TOKEN: password = '' }: ProcessSettings): string {
  if (password.length >= PASSWORD_CHARS_MIN) return password;
  throw new SettingsError({
    what:
      password === ''
        ? 'SIGNALBOX_SOURCE_TOKEN is not set'
        : `SIGNALBOX_SOURCE_TOKEN is shorter than ${PASSWORD_CHARS_MIN} characters`,
    fix: 'set it to a random text, for example of `openssl rand -hex 24`, here and for the runners',
  });
}

function servedBy(settings: ProcessSettings): readonly RepositoryRef[] {
  const named = repositories(settings);
  if (named.length > 0) return named;
  throw new SettingsError({ what: 'no repository is set', fix: 'set SIGNALBOX_REPOSITORIES to owner/repo' });
}

/** A refused credential ends the process. What is missing at GitHub can come later, so it is only reported. */
async function lookAtAll(github: GitHub, named: readonly RepositoryRef[], logger: Logger): Promise<void> {
  for (const repository of named) {
    try {
      await getRepository(github, repository);
    } catch (error) {
      if (isFailure(error, 'unauthorized'))
        throw new SettingsError({
          what: 'GitHub does not accept the credential of the source relay',
          fix: 'set GITHUB_TOKEN or GITHUB_APP_* to a valid credential',
        });
      const why = errorText(error);
      logger.warn(
        { repository: repositoryName(repository), why },
        'cannot see this repository at GitHub yet',
      );
    }
  }
}

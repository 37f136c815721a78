/** Tries each thing that Signalbox connects to besides GitHub's API, and says which way it went. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { networkSettings } from '../../../config/network.ts';
import { fallbackOf } from '../../../config/destinations.ts';
import type { Policy } from '../../../domain/policy.ts';
import type { GitHub } from '../../../github/client.ts';
import { gitTrouble } from '../../../github/git-reach.ts';
import type { Repository } from '../../../github/repository.ts';
import { errorText } from '../../../host/error-text.ts';
import { openNetwork } from '../../../host/network/network.ts';
import { networkTrouble } from '../../../host/network/trouble.ts';
import { inOwnFolder } from '../../../host/own-folder.ts';
import type { Cli } from '../cli.ts';
import { cliNetwork } from '../network.ts';
import type { RepositoryCheck } from '../repository-checks.ts';

const TIMEOUT_MS = 10_000;
const PROBES_MAX = 20;

/** Only where the model's settings are: elsewhere this host need not reach the provider. */
export async function modelRouteCheck(cli: Cli): Promise<readonly RepositoryCheck[]> {
  const { own } = cli.settings();
  if (!MODEL_SETTINGS.some(name => own[name] !== undefined)) return [];
  const url = own['SIGNALBOX_MODEL_BASE_URL'] ?? fallbackOf('the model provider');
  const fix = 'correct SIGNALBOX_MODEL_BASE_URL, HTTPS_PROXY or NO_PROXY';
  return [await reachCheck(cli, { name: 'model provider', url, fix, required: false })];
}

const MODEL_SETTINGS = ['SIGNALBOX_MODEL_KEY', 'SIGNALBOX_MODEL_KEY_FILE', 'SIGNALBOX_MODEL_BASE_URL'];

/** The addresses that a policy names: any answer will do, because nothing may be deployed yet. */
export async function probeChecks(cli: Cli, policy: Policy | undefined): Promise<readonly RepositoryCheck[]> {
  const probes = (policy?.release.probes ?? []).slice(0, PROBES_MAX);
  const fix = 'correct release.probes in the policy, HTTPS_PROXY or NO_PROXY';
  return await Promise.all(
    probes.map(url => reachCheck(cli, { name: 'release probe', url, fix, required: false })),
  );
}

interface Reached {
  readonly name: string;
  readonly url: string;
  readonly fix: string;
  readonly required: boolean;
}

async function reachCheck(cli: Cli, { name, url, fix, required }: Reached): Promise<RepositoryCheck> {
  const network = cliNetwork(cli);
  const at = `${new URL(url).origin}, ${network.route(url)}`;
  try {
    const answer = await network.fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.body?.cancel();
    return { name, ok: true, required, found: at };
  } catch (error) {
    const trouble = networkTrouble(error);
    return {
      ...{ name, ok: false, required },
      found: `cannot reach ${at}: ${trouble?.what ?? errorText(innermost(error))}`,
      fix: trouble?.fix ?? fix,
    };
  }
}

/** `fetch` only says “fetch failed”. */
function innermost(error: unknown): unknown {
  return error instanceof Error && error.cause instanceof Error ? innermost(error.cause) : error;
}

export interface GitQuestion {
  readonly github: GitHub;
  readonly repository: Repository;
}

export async function gitCheck(cli: Cli, { github, repository }: GitQuestion): Promise<RepositoryCheck> {
  const { cloneUrl: url } = repository;
  return await inOwnFolder(join(tmpdir(), 'signalbox-doctor-'), async folder => {
    const network = openNetwork(networkSettings(cli.settings().own), folder);
    const at = `${new URL(url).origin}, ${network.route(url)}`;
    const trouble = await gitTrouble(github, { repository, access: network.gitAccess(url), folder });
    const base = { name: 'git', required: true };
    return trouble === undefined
      ? { ...base, ok: true, found: at }
      : { ...base, ok: false, found: `cannot reach ${at}: ${trouble.what}`, fix: trouble.fix };
  });
}

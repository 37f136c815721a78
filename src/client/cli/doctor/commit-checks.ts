/** Checks whose commits this host would build, and whether GitHub would call their signatures verified. */
import { type CommitMaker, commitMaker } from '../../../config/commit-settings.ts';
import { processSettings } from '../../../config/environment.ts';
import { createGitHub, type GitHub } from '../../../github/client.ts';
import { isFailure } from '../../../github/failure.ts';
import { signingKeysOf } from '../../../github/signing-keys.ts';
import type { Cli } from '../cli.ts';
import { cliNetwork } from '../network.ts';
import type { RepositoryCheck } from '../repository-checks.ts';
import { failedCheck } from './failed-check.ts';

export interface CommitChecks {
  /** Undefined: the settings are wrong. */
  readonly maker: CommitMaker | undefined;
  /** Empty without a signing key. */
  readonly checks: readonly RepositoryCheck[];
}

const NAME = 'signing key';

export async function commitChecks(cli: Cli, github: GitHub, ownLogin: string): Promise<CommitChecks> {
  let maker: CommitMaker;
  try {
    maker = commitMaker(processSettings(cli.settings().own));
  } catch (error) {
    const fix = 'correct SIGNALBOX_SIGNING_KEY';
    return { maker: undefined, checks: [failedCheck(error, { name: NAME, required: true, fix })] };
  }
  if (maker.publicKey === undefined) return { maker, checks: [] };
  const login = loginIn(maker.identity.email) ?? ownLogin;
  return { maker, checks: [await keyCheck(publicGitHub(cli, github), login, maker.publicKey)] };
}

/** GitHub's own addresses name the account; for others only the account of the credential can be asked. */
function loginIn(email: string): string | undefined {
  return /^\d{1,20}\+([\w-]{1,39})@users\.noreply\./.exec(email)?.[1];
}

/** The list is public. An App has no token outside its repositories. */
function publicGitHub(cli: Cli, github: GitHub): GitHub {
  if (github.credentialKind !== 'app') return github;
  const { fetch } = cliNetwork(cli);
  return createGitHub({
    ...{ apiUrl: github.apiUrl, userAgent: 'signalbox-cli', fetch },
    credential: { kind: 'none' },
  });
}

async function keyCheck(github: GitHub, login: string, publicKey: string): Promise<RepositoryCheck> {
  const base = { name: NAME, required: true };
  try {
    const keys = await signingKeysOf(github, login);
    if (keys.includes(publicKey)) return { ...base, ok: true, found: `${login} has it on GitHub` };
    return {
      ...base,
      ok: false,
      found: `${login} does not have it on GitHub, so its signatures would not be verified`,
      fix: `as ${login}, add it under Settings → SSH and GPG keys → New SSH key, with the key type “Signing Key”: ${publicKey}`,
    };
  } catch (error) {
    if (!isFailure(error)) throw error;
    const fix = 'check that SIGNALBOX_COMMIT_EMAIL belongs to the account that has the key';
    return { ...failedCheck(error, { name: NAME, required: false, fix }), required: false };
  }
}

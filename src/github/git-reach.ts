/** Whether git reaches a repository of GitHub with our credential, for `doctor`. */
import { networkFix } from '../git/git-error.ts';
import { runGit } from '../git/run-git.ts';
import { errorText } from '../host/error-text.ts';
import type { GitAccess } from '../host/network/network.ts';
import type { NetworkTrouble } from '../host/network/trouble.ts';
import type { GitHub } from './client.ts';
import type { Repository } from './repository.ts';

const TIMEOUT_MS = 10_000;
const FIX = 'check that HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS also let git reach GitHub';

export interface GitReachInput {
  readonly repository: Repository;
  readonly access: GitAccess;
  /** Any folder: nothing is read or written there. */
  readonly folder: string;
}

/** Lists the branches, as each fetch and push does first. Undefined: it works. */
export async function gitTrouble(
  github: GitHub,
  { repository, access, folder }: GitReachInput,
): Promise<NetworkTrouble | undefined> {
  const { owner, repo, cloneUrl: url } = repository;
  const remote = { url, token: () => github.token({ owner, repo }), access };
  try {
    const args = ['ls-remote', '--heads', url];
    const { exitCode, stderr } = await runGit({ gitDir: folder, args, remote, timeoutMs: TIMEOUT_MS });
    if (exitCode === 0) return undefined;
    return { what: stderr.split('\n')[0] ?? '', fix: networkFix(stderr) ?? FIX };
  } catch (error) {
    return { what: errorText(error), fix: FIX };
  }
}

/** Checks of a repository: access, each permission that Signalbox needs, and a valid policy. */
import { parsePolicyFile, POLICY_PATH, problemText } from '../../config/policy-file.ts';
import type { RepositoryRef } from '../../domain/issue-ref.ts';
import { checkAccess } from '../../github/access.ts';
import type { GitHub } from '../../github/client.ts';
import { getContents } from '../../github/repository.ts';
import { EXIT } from './exit.ts';
import type { HostCheck } from './host-check.ts';

export interface RepositoryCheck extends HostCheck {
  /** False: Signalbox works without it, with less information. */
  readonly required: boolean;
}

/** Read-only. Throws on a transient failure of GitHub. */
export async function repositoryChecks(
  github: GitHub,
  repository: RepositoryRef,
): Promise<readonly RepositoryCheck[]> {
  const access = await checkAccess(github, repository);
  if (access.kind === 'no-access')
    return [
      {
        name: 'access',
        ok: false,
        found: access.why,
        fix: access.fix,
        required: true,
        exit: access.reason === 'unauthorized' ? EXIT.no : EXIT.unknown,
      },
    ];
  const permissions = access.needs.map(need => ({
    name: `permission ${need.permission}: ${need.access}`,
    ok: need.present,
    found: need.present ? 'granted' : `missing; needed for ${need.purpose}`,
    required: need.required,
    ...(need.fix === undefined ? {} : { fix: need.fix }),
  }));
  return [...permissions, await policyCheck(github, repository, access.repository.defaultBranch)];
}

async function policyCheck(
  github: GitHub,
  repository: RepositoryRef,
  defaultBranch: string,
): Promise<RepositoryCheck> {
  const name = 'policy';
  const text = await getContents(github, { ...repository, path: POLICY_PATH, ref: defaultBranch });
  if (text === undefined) {
    const fix = `run \`signalbox init ${repository.owner}/${repository.repo}\` to propose one`;
    return { name, ok: false, found: `no ${POLICY_PATH} on ${defaultBranch}`, fix, required: true };
  }
  const reading = parsePolicyFile(text);
  if ('policy' in reading)
    return { name, ok: true, found: `${POLICY_PATH}, ${reading.policy.digest.slice(0, 19)}`, required: true };
  const [problem] = reading.problems;
  const found = `${POLICY_PATH}: ${problem === undefined ? 'invalid' : problemText(problem)}`;
  const fix = 'run `signalbox policy check` on the file for all problems';
  return { name, ok: false, found, fix, required: true };
}

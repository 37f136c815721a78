/** Checks of a repository: access, each permission that Signalbox needs, and a valid policy. */
import { parsePolicyFile, POLICY_PATH, problemText } from '../../config/policy-file.ts';
import type { RepositoryRef } from '../../domain/issue-ref.ts';
import type { Policy } from '../../domain/policy.ts';
import { checkAccess } from '../../github/access.ts';
import type { GitHub } from '../../github/client.ts';
import { getContents, type Repository } from '../../github/repository.ts';
import { EXIT } from './exit.ts';
import type { HostCheck } from './host-check.ts';
import { targetChecks } from './target-checks.ts';

export interface RepositoryCheck extends HostCheck {
  /** False: Signalbox works without it, with less information. */
  readonly required: boolean;
}

/** Read-only. Throws on a transient failure of GitHub. */
export async function repositoryChecks(
  github: GitHub,
  repository: RepositoryRef,
): Promise<readonly RepositoryCheck[]> {
  return (await inspectRepository(github, repository)).checks;
}

export interface Inspected {
  readonly checks: readonly RepositoryCheck[];
  /** Absent: the credential has no access. */
  readonly repository?: Repository;
  /** Absent: missing or invalid. */
  readonly policy?: Policy;
}

/** The checks, with what they found. */
export async function inspectRepository(github: GitHub, repository: RepositoryRef): Promise<Inspected> {
  const access = await checkAccess(github, repository);
  if (access.kind === 'no-access')
    return {
      checks: [
        {
          name: 'access',
          ok: false,
          found: access.why,
          fix: access.fix,
          required: true,
          exit: access.reason === 'unauthorized' ? EXIT.no : EXIT.unknown,
        },
      ],
    };
  const permissions = access.needs.map(need => ({
    name: `permission ${need.permission}: ${need.access}`,
    ok: need.present,
    found: need.present ? 'granted' : `missing; needed for ${need.purpose}`,
    required: need.required,
    ...(need.fix === undefined ? {} : { fix: need.fix }),
  }));
  const { check, policy } = await policyCheck(github, repository, access.repository.defaultBranch);
  return {
    checks: [
      ...permissions,
      check,
      ...(policy === undefined ? [] : await targetChecks(github, repository, policy)),
    ],
    repository: access.repository,
    ...(policy === undefined ? {} : { policy }),
  };
}

async function policyCheck(
  github: GitHub,
  repository: RepositoryRef,
  defaultBranch: string,
): Promise<{ readonly check: RepositoryCheck; readonly policy?: Policy }> {
  const name = 'policy';
  const text = await getContents(github, { ...repository, path: POLICY_PATH, ref: defaultBranch });
  if (text === undefined) {
    const fix = `run \`signalbox init ${repository.owner}/${repository.repo}\` to propose one`;
    const found = `no ${POLICY_PATH} on ${defaultBranch}`;
    return { check: { name, ok: false, found, fix, required: true } };
  }
  const reading = parsePolicyFile(text);
  if ('policy' in reading) {
    const { policy } = reading;
    const found = `${POLICY_PATH}, ${policy.digest.slice(0, 19)}`;
    return { check: { name, ok: true, found, required: true }, policy };
  }
  const [problem] = reading.problems;
  const found = `${POLICY_PATH}: ${problem === undefined ? 'invalid' : problemText(problem)}`;
  const fix = 'run `signalbox policy check` on the file for all problems';
  return { check: { name, ok: false, found, fix, required: true } };
}

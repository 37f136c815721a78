/** What reading the policy returns in a world. */
import type { EventBody } from '../../../src/domain/event.ts';
import type { RepositoryFacts, TargetFacts } from '../../../src/domain/state/reading.ts';
import { repositoryAt } from './fixtures.ts';
import type { GitHub } from './github.ts';

export function policyRead(github: GitHub, branch: string | undefined): EventBody {
  const { policy, base, calling, line } = github;
  const target = branch === undefined ? {} : { target: { branch, ...headOf(github, branch) } };
  return {
    type: 'policy-read',
    policy,
    repository: { ...repositoryAt(base), ...allowedBy(github), ...target },
    ...(calling === undefined ? {} : { calling }),
    ...(line === undefined ? {} : { hasLines: true }),
  };
}

function allowedBy({ mergeMethods }: GitHub): Pick<RepositoryFacts, 'mergeMethods'> {
  return mergeMethods === undefined ? {} : { mergeMethods };
}

function headOf({ targets }: GitHub, branch: string): Pick<TargetFacts, 'head' | 'isMissing'> {
  const head = targets?.[branch];
  return head === undefined ? { isMissing: true } : { head };
}

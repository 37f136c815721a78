/** The target branches of a policy, and whether they exist. */
import type { RepositoryRef } from '../../domain/issue-ref.ts';
import type { Policy, TargetPolicy } from '../../domain/policy.ts';
import type { GitHub } from '../../github/client.ts';
import { getRef } from '../../github/refs.ts';
import type { HostCheck } from './host-check.ts';

interface TargetCheck extends HostCheck {
  readonly required: false;
}

/** None if the policy names no branch. Issues for a missing branch are held until it exists, so others work. */
export async function targetChecks(
  github: GitHub,
  repository: RepositoryRef,
  { target = {} }: Policy,
): Promise<readonly TargetCheck[]> {
  const branches = namedBranches(target);
  if (branches.length === 0) return [];
  const missing: string[] = [];
  for (const one of branches)
    if ((await getRef(github, { ...repository, branch: one })) === undefined) missing.push(one);
  const check = { name: 'target branches', required: false } as const;
  if (missing.length === 0) return [{ ...check, ok: true, found: branches.join(', ') }];
  const fix = 'create the branch, or change `target` in the policy; issues for it are held until then';
  return [{ ...check, ok: false, found: `missing: ${missing.join(', ')}`, fix }];
}

/** All to which changes can go: those that the policy names, and the default branch unless another one replaces it. */
export function targetBranches(target: TargetPolicy, defaultBranch: string): readonly string[] {
  const named = namedBranches(target);
  return target.branch === undefined ? [...new Set([defaultBranch, ...named])] : named;
}

function namedBranches({ branch, byLabel = {}, byMilestone = {} }: TargetPolicy): readonly string[] {
  const named = [branch ?? [], Object.values(byLabel), Object.values(byMilestone)].flat();
  return [...new Set(named)];
}

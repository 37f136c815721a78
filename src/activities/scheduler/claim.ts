/** The claim: the branch is the lock. GitHub creates a ref for one caller only. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { createRef, deleteRef, getRef } from '../../github/refs.ts';
import { PermanentFailure, TransientFailure } from '../effect-failure.ts';
import type { SchedulerPorts } from './ports.ts';

export function claimBranch({ github }: SchedulerPorts): SchedulerActivities['claimBranch'] {
  return async ({ context: { issue }, effect: { branch, base } }) => {
    const place = { owner: issue.owner, repo: issue.repo, branch };
    if ((await createRef(github, { ...place, sha: base })) === 'created')
      return { type: 'claimed', branch, base };
    const found = await getRef(github, place);
    // On the very base: an earlier attempt of ours whose answer was lost, or as good as it.
    if (found === base) return { type: 'claimed', branch, base };
    if (found === undefined) throw new TransientFailure('BranchVanished', `${branch} existed a moment ago`);
    throw new PermanentFailure('BranchTaken', `${branch} exists and stands on ${found}`);
  };
}

/** Gives the branch back unless somebody has worked on it since. */
export function releaseClaim({ github }: SchedulerPorts): SchedulerActivities['releaseClaim'] {
  return async ({ context: { issue }, effect: { branch, expected } }) => {
    const place = { owner: issue.owner, repo: issue.repo, branch };
    if ((await getRef(github, place)) === expected) await deleteRef(github, place);
    return { type: 'claim-released' };
  };
}

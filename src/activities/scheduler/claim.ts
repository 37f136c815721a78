/** The claim: the branch is the lock, because GitHub creates a ref for one caller only. */
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
    // At exactly the base: an earlier attempt created it and its response was lost, or it is equivalent to that.
    if (found === base) return { type: 'claimed', branch, base };
    if (found === undefined)
      throw new TransientFailure('BranchVanished', `${branch} was deleted during the claim`);
    throw new PermanentFailure('BranchTaken', `${branch} already exists, at ${found}`);
  };
}

/** Deletes the branch, unless someone has pushed to it since. */
export function releaseClaim({ github }: SchedulerPorts): SchedulerActivities['releaseClaim'] {
  return async ({ context: { issue }, effect: { branch, expected } }) => {
    const place = { owner: issue.owner, repo: issue.repo, branch };
    if ((await getRef(github, place)) === expected) await deleteRef(github, place);
    return { type: 'claim-released' };
  };
}

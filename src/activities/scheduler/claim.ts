/** The claim: the branch is the lock, because GitHub creates a ref for one caller only. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { GIVES_UP_AT_ATTEMPT } from '../../contracts/retries.ts';
import type { GitHub } from '../../github/client.ts';
import { isFailure } from '../../github/failure.ts';
import { refusalIn } from '../../github/refusals.ts';
import { type BranchInput, createRef, deleteRef, getRef } from '../../github/refs.ts';
import { PermanentFailure, TransientFailure } from '../effect-failure.ts';
import { branchInTheWay } from './branch-in-the-way.ts';
import type { SchedulerPorts } from './ports.ts';

export function claimBranch({ github }: SchedulerPorts): SchedulerActivities['claimBranch'] {
  return async ({ context: { issue }, effect: { branch, base } }) => {
    const place = { owner: issue.owner, repo: issue.repo, branch };
    if ((await createdRef(github, { ...place, sha: base })) === 'created')
      return { type: 'claimed', branch, base };
    const found = await getRef(github, place);
    // At exactly the base: an earlier attempt created it and its response was lost, or it is equivalent to that.
    if (found === base) return { type: 'claimed', branch, base };
    if (found === undefined) {
      await refuseBlocked(github, place);
      throw new TransientFailure(
        'BranchVanished',
        `GitHub says that ${branch} exists, but does not show it: it was deleted during the claim, or its name is reserved`,
        { givingUp: { atAttempt: GIVES_UP_AT_ATTEMPT.branchVanished, as: 'BranchTaken' } },
      );
    }
    throw new PermanentFailure('BranchTaken', `${branch} already exists, at ${found}`);
  };
}

/** A refusal that GitHub names, or a branch in the way: then GitHub answers 422 `Reference update failed`, whatever the cause. */
async function createdRef(
  github: GitHub,
  asked: Parameters<typeof createRef>[1],
): ReturnType<typeof createRef> {
  try {
    return await createRef(github, asked);
  } catch (error) {
    const refusal = isFailure(error, 'invalid', 'conflict', 'forbidden')
      ? refusalIn(error.message, 'branch')
      : undefined;
    if (refusal !== undefined)
      throw new PermanentFailure(
        refusal.failure,
        `GitHub refused the branch ${asked.branch}: ${refusal.why}`,
      );
    if (isFailure(error, 'invalid')) await refuseBlocked(github, asked);
    throw error;
  }
}

async function refuseBlocked(github: GitHub, place: BranchInput): Promise<void> {
  const inTheWay = await branchInTheWay(github, place);
  if (inTheWay !== undefined)
    throw new PermanentFailure(
      'BranchBlocked',
      `the branch ${inTheWay} is in the way of ${place.branch}: git cannot have both`,
    );
}

/** Deletes the branch, unless someone has pushed to it since. */
export function releaseClaim({ github }: SchedulerPorts): SchedulerActivities['releaseClaim'] {
  return async ({ context: { issue }, effect: { branch, expected } }) => {
    const place = { owner: issue.owner, repo: issue.repo, branch };
    if ((await getRef(github, place)) === expected) await deleteRef(github, place);
    return { type: 'claim-released' };
  };
}

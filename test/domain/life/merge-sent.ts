/** A merge of the pull request, as GitHub takes or refuses it. */
import type { FailureName } from '../../../src/domain/failure.ts';
import type { Effect } from '../../../src/domain/step.ts';
import type { GitHub } from './github.ts';
import { tipBelow } from './merging.ts';
import { fact, failed, type Performed } from './performed.ts';

export function mergePullRequest(github: GitHub, effect: Extract<Effect, { kind: 'merge' }>): Performed {
  const { pullRequest } = github;
  if (pullRequest?.head !== effect.head) return failed(github, effect, 'HeadMoved');
  if (pullRequest.merged !== null)
    return fact(github, { type: 'merged', commit: pullRequest.merged.commit, head: effect.head });
  if (pullRequest.state === 'closed' || pullRequest.draft) return failed(github, effect, 'NotMergeable');
  const lost = approvalLost(github, effect);
  if (lost !== undefined) return failed(github, effect, lost);
  const merged = { commit: `merge-${effect.head}`, by: 'signalbox' };
  const made = { ...github.made, merges: github.made.merges + 1 };
  return fact(
    {
      ...{ ...github, mergedInto: tipBelow(github), isRebased: effect.method === 'rebase', made },
      pullRequest: { ...pullRequest, state: 'closed', merged },
    },
    { type: 'merged', commit: merged.commit, head: effect.head },
  );
}

/** Why the approval does not count any more. */
export function approvalLost(
  github: GitHub,
  { approval: { by, review } }: Extract<Effect, { kind: 'merge' | 'hand-over-merge' }>,
): FailureName | undefined {
  if (by.kind === 'person' && by.how !== 'temporal' && github.demoted.some(name => name === by.login))
    return 'ApproverLostRole';
  return isDismissed(github, review) ? 'ReviewDismissed' : undefined;
}

function isDismissed({ reviews }: GitHub, review: number | undefined): boolean {
  if (review === undefined) return false;
  return reviews.find(({ what }) => what.reviewId === review)?.what.state !== 'approved';
}

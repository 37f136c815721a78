/** Merges exactly the approved head, if the approval is still valid. If GitHub refuses, reads the pull request to find out why. */
import type { SchedulerActivities } from '../../contracts/activities.ts';
import { GIVES_UP_AT_ATTEMPT, isRepeated } from '../../contracts/retries.ts';
import type { FailureName } from '../../domain/failure.ts';
import type { FactEvent } from '../../domain/event.ts';
import type { IssueRef } from '../../domain/issue-ref.ts';
import type { MergeMethod } from '../../domain/policy.ts';
import { type MergeAnswer, type MergeInput, mergePull } from '../../github/merge.ts';
import { refusalIn } from '../../github/refusals.ts';
import { getPull, type Pull } from '../../github/pulls.ts';
import { PermanentFailure, TransientFailure } from '../effect-failure.ts';
import type { Attempted } from '../effect.ts';
import { requireApproval } from './merge-approval.ts';
import type { SchedulerPorts } from './ports.ts';

export function mergePullRequest(ports: SchedulerPorts): Attempted<SchedulerActivities['mergePullRequest']> {
  return async ({ context, effect: { number, head, approval, title, method = 'merge' } }, attempt) => {
    const { owner, repo } = context.issue;
    await requireApproval(ports, context, { number, approval });
    const answer = await mergePull(ports.github, {
      ...{ owner, repo, number, sha: head },
      ...{ method, ...mergeWords(method, number, title) },
    });
    if (answer.kind === 'merged') return { type: 'merged', commit: answer.sha, head };
    return await readBack(ports, { issue: context.issue, number, head, attempt }, answer);
  };
}

/** Of the commit that GitHub makes. A squash keeps the text of our commit, as GitHub does for a single one. */
export function mergeWords(
  method: MergeMethod,
  number: number,
  title: string,
): Pick<MergeInput, 'title' | 'message'> {
  return method === 'squash' ? { title: `${title} (#${number})` } : { title, message: '' };
}

interface Asked {
  readonly issue: IssueRef;
  readonly number: number;
  readonly head: string;
  readonly attempt: number;
}

/** A refusal may mean that an earlier attempt merged it and the response was lost. */
async function readBack(
  { github }: SchedulerPorts,
  { issue, number, head, attempt }: Asked,
  answer: Exclude<MergeAnswer, { kind: 'merged' }>,
): Promise<Extract<FactEvent, { type: 'merged' }>> {
  const pull = await getPull(github, { owner: issue.owner, repo: issue.repo, number });
  if (pull.headSha !== head)
    throw new PermanentFailure(
      'HeadMoved',
      `the head of #${number} is ${pull.headSha}, but ${head} was approved`,
    );
  if (pull.merged && pull.mergeCommitSha !== undefined)
    return { type: 'merged', commit: pull.mergeCommitSha, head };
  if (answer.kind === 'head-moved')
    throw new PermanentFailure('HeadMoved', `the head of #${number} changed during the merge`);
  const refusal = refusalIn(answer.why, 'merge');
  // What the settings forbid stays forbidden: only a refusal without a known reason may be an old reading.
  if (refusal !== undefined && !answer.again && !mayPass(refusal.failure, attempt))
    throw new PermanentFailure(refusal.failure, `GitHub refused the merge: ${refusal.why}`);
  throw answer.again || mayBeStale(pull, attempt)
    ? new TransientFailure('NotMergeableYet', answer.why)
    : new PermanentFailure('NotMergeable', answer.why);
}

/** A requirement that a check or a review has just met may still be reported as open. */
function mayPass(failure: FailureName, attempt: number): boolean {
  return (
    failure === 'MergeRequirementUnmet' && isRepeated(attempt) && attempt < GIVES_UP_AT_ATTEMPT.mergeRefused
  );
}

/**
 * GitHub refused, but the pull request reads as open and without conflict: after a retry the read may be stale. While GitHub
 * computes whether it conflicts, no answer is final.
 */
function mayBeStale({ state, mergeable }: Pull, attempt: number): boolean {
  const mayPass = isRepeated(attempt) || mergeable === undefined;
  return mayPass && attempt < GIVES_UP_AT_ATTEMPT.mergeRefused && state === 'open' && mergeable !== false;
}

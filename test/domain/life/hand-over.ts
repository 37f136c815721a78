/** GitHub's queue and auto-merge in memory, and what must hold of a merge that is handed over. */
import { omit } from '../../../src/domain/omit.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect, Step } from '../../../src/domain/step.ts';
import type { GitHub } from './github.ts';
import { must } from './invariants.ts';
import { approvalLost } from './merge-sent.ts';
import { tipBelow } from './merging.ts';
import { fact, failed, type Performed } from './performed.ts';

type HandOver = Extract<Effect, { kind: 'hand-over-merge' }>;

export function isThere({ pullRequest }: GitHub): boolean {
  return (
    pullRequest?.state === 'open' &&
    pullRequest.handedOver !== undefined &&
    pullRequest.handedOver.returned === undefined
  );
}

export function handOver(github: GitHub, effect: HandOver): Performed {
  const { pullRequest } = github;
  const { head, way } = effect;
  if (pullRequest?.head !== head) return failed(github, effect, 'HeadMoved');
  if (pullRequest.merged !== null) return fact(github, { type: 'handed-over', head });
  if (pullRequest.state === 'closed' || pullRequest.draft) return failed(github, effect, 'NotMergeable');
  const lost = approvalLost(github, effect);
  if (lost !== undefined) return failed(github, effect, lost);
  if (way === 'auto-merge' && github.isMergeable === true)
    return fact(github, { type: 'hand-over-needless', head });
  const handedOver = way === 'queue' ? { position: 1 } : {};
  return fact(
    { ...github, pullRequest: { ...pullRequest, handedOver } },
    { type: 'handed-over', head, ...handedOver },
  );
}

export function takeBack(github: GitHub, { head }: Extract<Effect, { kind: 'take-back-merge' }>): Performed {
  const { pullRequest } = github;
  const taken =
    pullRequest === undefined ? github : { ...github, pullRequest: omit(pullRequest, 'handedOver') };
  return fact(taken, { type: 'taken-back', head });
}

/** By GitHub, in the name of who handed it over. */
export function mergedByGitHub(github: GitHub): GitHub {
  const { pullRequest, made } = github;
  if (pullRequest === undefined) return github;
  const merged = { commit: `merge-${pullRequest.head}`, by: 'github-merge-queue', type: 'Bot' } as const;
  return {
    ...github,
    mergedInto: tipBelow(github),
    made: { ...made, merges: made.merges + 1 },
    pullRequest: { ...omit(pullRequest, 'handedOver'), state: 'closed', merged },
  };
}

/** Only what is approved now is handed over, and once for each head unless a person says more. */
export function beginsHandOver(state: IssueState, { way, head }: HandOver): void {
  const { policy, handOver } = state;
  must('7 merge', policy?.merge.handOver === way, 'the policy does not hand over in this way');
  const isKnown = handOver?.head === head && handOver.isSent !== true;
  must('21 in vain', !isKnown, 'it is handed over twice');
}

export function beginsTakingBack({ handOver, merge }: IssueState, head: string): void {
  must('21 in vain', handOver?.head === head && merge === undefined, 'there is nothing to take back');
  must('21 in vain', handOver?.returned === undefined, 'GitHub gave it back already');
}

/** What GitHub has to merge stays there only while the change waits for exactly that. */
export function checkHandOver(state: IssueState, step: Step): void {
  if (!isLeftThere(state)) return;
  const isAlive = step.kind === 'wait' || (step.kind === 'hold' && step.hold.kind === 'delayed');
  const isLate = step.kind === 'hold' && /has not merged pull request/.test(step.hold.why[0] ?? '');
  const isOn =
    step.kind === 'effect' &&
    ['read-policy', 'hand-over-merge', 'take-back-merge'].includes(step.effect.kind);
  must('7 halted', isAlive || isLate || isOn, `GitHub may merge it at ${JSON.stringify(step).slice(0, 200)}`);
}

/** 7: while people have stopped the work, and while another change is made, GitHub does not have it to merge. */
function isLeftThere(state: IssueState): boolean {
  const { handOver, pullRequest, merge } = state;
  return (
    handOver !== undefined &&
    merge === undefined &&
    pullRequest?.state === 'open' &&
    handOver.returned === undefined &&
    handOver.isNeedless !== true &&
    handOver.stuck === undefined
  );
}

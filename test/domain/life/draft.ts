/** Drafts of GitHub in memory, and what must hold when ours is marked as ready. */
import type { FactEvent } from '../../../src/domain/event.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect, Step } from '../../../src/domain/step.ts';
import type { GitHub } from './github.ts';
import { must } from './invariants.ts';
import { fact, failed, type Performed } from './performed.ts';

type Ready = Extract<Effect, { kind: 'mark-ready' }>;

export function markReady(github: GitHub, effect: Ready): Performed {
  const { pullRequest } = github;
  if (pullRequest?.state !== 'open') return failed(github, effect, 'NotMergeable');
  return fact(
    { ...github, pullRequest: { ...pullRequest, draft: false } },
    { type: 'marked-ready', head: effect.head },
  );
}

export function draftAnswer(
  { hasNoDrafts }: GitHub,
  { draft }: Extract<Effect, { kind: 'open-pull-request' }>,
): Pick<Extract<FactEvent, { type: 'pull-request-opened' }>, 'draft'> {
  if (draft === undefined) return {};
  return { draft: hasNoDrafts === true ? 'refused' : 'opened' };
}

/** Only a draft that we opened, which nobody has shown as ready since; its checks have passed. */
export function beginsReady(state: IssueState, { head, number }: Ready): void {
  const { pullRequest, ownDraft, pushed } = state;
  must('7 draft', ownDraft === 'kept', 'it is a draft of a person');
  must('21 in vain', pullRequest?.draft === true && pullRequest.number === number, 'it is no draft');
  must('4 one commit', pushed === head && pullRequest?.head === head, 'another head is marked as ready');
}

/** A draft is opened where the policy wants one and a check may be required. */
export function beginsDraft(
  { policy, repository }: IssueState,
  { draft, number }: Extract<Effect, { kind: 'open-pull-request' }>,
): void {
  const { isProtected } = repository?.target ?? repository ?? {};
  const isChecked = isProtected === true || (policy?.checks?.required ?? []).length > 0;
  const isDue = number === undefined && isChecked && policy?.pullRequest?.draft === true;
  must('7 draft', draft === (isDue ? true : undefined), 'it is opened otherwise than the policy says');
}

/** People are asked for no draft, and our own draft is no reason to ask them anything. */
export function checkDraft({ pullRequest, ownDraft }: IssueState, step: Step): void {
  if (step.kind !== 'hold') return;
  must(
    '7 draft',
    step.hold.gate !== 'merge' || pullRequest?.draft === false,
    'the merge of a draft is asked',
  );
  const saysDraft = /is a draft$/.test(step.hold.why[0] ?? '');
  must('7 draft', !saysDraft || ownDraft !== 'kept', 'people are asked to end our own draft');
}

/** What must hold when suggestions are applied without the agent: who wrote them, on what, and that nothing else was said. */
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect } from '../../../src/domain/step.ts';
import { must } from './invariants.ts';
import { modeNow, writes } from './oracle.ts';

const SUGGESTIONS_MAX = 100;

/** Of the reviews that no attempt knows yet. */
function unheard({ requestedChanges = [], runs }: IssueState) {
  const latest = runs.at(-1)?.attempt ?? 0;
  return requestedChanges.filter(({ attempt }) => attempt > latest);
}

export function beginsSuggestions(
  state: IssueState,
  { suggestions, manifest, attempt }: Extract<Effect, { kind: 'apply-suggestions' }>,
): void {
  const { change, pushed, runs, policy, subject } = state;
  const said = unheard(state);
  must('7 policy', policy?.review?.suggestions === true, 'the policy does not let suggestions be applied');
  must('7 modes', writes(modeNow(state)), 'an analysis applies suggestions');
  const digests = said.map(({ suggested }) => suggested?.edits);
  must('21 heard', digests.join() === suggestions.join(), 'a review is left out');
  must('20 seen once', suggestions.length > 0 && attempt > (runs.at(-1)?.attempt ?? 0), 'applied again');
  const isWordless = said.every(({ body, unsuggested }) => (body ?? unsuggested) === undefined);
  must('21 heard', isWordless, 'a review says something besides');
  const isOnHead = said.every(({ suggested }) => suggested?.commit === pushed);
  must('4 one commit', pushed === change?.commit && isOnHead, 'they are on another commit');
  const below = runs.find(({ runId }) => runId === change?.runId);
  must('8 same text', manifest === below?.end?.manifest, 'they are applied to other files');
  const isTrue = below?.inputs.subject === subject?.digest && below?.inputs.policy === policy?.digest;
  must('8 same text', isTrue, 'the change below is for an older text or policy');
  const count = said.reduce((sum, { suggested }) => sum + (suggested?.count ?? 0), 0);
  must('21 limits', count <= SUGGESTIONS_MAX, `${count} suggestions at once`);
  const last = below?.attempt ?? 0;
  const isRejected = state.rejections.some(one => one.attempt >= last);
  const isFailed = (state.failedInCi?.attempt ?? 0) >= last;
  must('21 heard', !isRejected && !isFailed, 'the agent was asked for something too');
}

/** The notice for the operator's webhook: due after a call was made, as long as its hold lasts. */
import { askNow, isCallAnswered, madeOf } from './call.ts';
import type { IssueState } from './state.ts';
import type { Notice } from './step.ts';

export function noticeDue(state: IssueState): Notice | undefined {
  const call = madeOf(state).findLast(({ notice }) => notice === 'owed');
  const { subject } = state;
  if (call === undefined || subject === undefined) return undefined;
  const asked = askNow(state);
  if (asked?.ask !== call.ask || asked.rung !== call.rung || isCallAnswered(state, call)) return undefined;
  const { seq, ask, answers, rung, hold, who } = call;
  const { title, url } = subject;
  return {
    seq,
    ask,
    answers,
    rung,
    hold,
    who,
    title,
    url,
    what: asked.now.what,
    why: asked.now.why[0] ?? '',
  };
}

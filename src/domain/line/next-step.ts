/** What a line does now: tells an issue that it has the turn, rests, or ends. Pure and total. */
import { type TellAhead, tellAhead } from './ahead.ts';
import { inOrder, targetsOf, turnAt } from './order.ts';
import type { LineState } from './state.ts';

export type LineStep =
  /** The signal `turn` to the workflow of the issue. */
  | { readonly kind: 'tell'; readonly issue: number; readonly id: string }
  /** The signal `ahead` to the workflow of the issue. */
  | TellAhead
  /** `until`: epoch milliseconds. */
  | { readonly kind: 'rest'; readonly until: number }
  /** Nobody waits. Who joins later starts the line again. */
  | { readonly kind: 'end' };

/**
 * Who has the turn is told again after this time. That finds issues whose workflow was terminated: they cannot leave. So it is
 * also how long such an issue can delay the others.
 */
export const TELL_AGAIN_MS = 5 * 60_000;

export function nextLineStep(state: LineState): LineStep {
  return giveTurn(state) ?? tellAgain(state) ?? tellAhead(state) ?? restOrEnd(state);
}

function giveTurn(state: LineState): LineStep | undefined {
  const free = targetsOf(state).find(target => turnAt(state, target) === undefined);
  if (free === undefined) return undefined;
  const [first] = inOrder(state, free);
  return first === undefined ? undefined : { kind: 'tell', issue: first.issue, id: first.id };
}

function tellAgain({ turns, at }: LineState): LineStep | undefined {
  const due = turns.find(({ toldAt }) => at >= toldAt + TELL_AGAIN_MS);
  return due === undefined ? undefined : { kind: 'tell', issue: due.issue, id: due.id };
}

function restOrEnd({ turns }: LineState): LineStep {
  if (turns.length === 0) return { kind: 'end' };
  return { kind: 'rest', until: Math.min(...turns.map(({ toldAt }) => toldAt)) + TELL_AGAIN_MS };
}

/** The order in which approved changes are merged: the earlier approval first, then the lower number of the issue. */
import type { LineState, Turn, WaitingChange } from './state.ts';

/** Those who wait for one target branch. Who has the turn stays first, even if an earlier approval joins later. */
export function inOrder(state: LineState, target: string): readonly WaitingChange[] {
  const turn = turnAt(state, target);
  const rank = ({ id, issue }: WaitingChange): number => (turn?.id === id && turn.issue === issue ? 0 : 1);
  return state.waiting
    .filter(one => one.target === target)
    .toSorted((a, b) => rank(a) - rank(b) || a.approvedAt - b.approvedAt || a.issue - b.issue);
}

export function targetsOf({ waiting }: LineState): readonly string[] {
  return [...new Set(waiting.map(({ target }) => target))].toSorted();
}

export function turnAt({ turns }: LineState, target: string): Turn | undefined {
  return turns.find(turn => turn.target === target);
}

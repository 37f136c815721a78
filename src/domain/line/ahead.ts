/** Who is told which changes are merged before it, so that it can be verified ahead of its turn. */
import type { ChangeBefore } from '../state/ahead.ts';
import { isSameBefore } from '../ahead.ts';
import { inOrder, targetsOf, turnAt } from './order.ts';
import type { LineState, WaitingChange } from './state.ts';

/** How many places after the turn can be verified ahead. */
export const AHEAD_MAX = 3;

export interface TellAhead {
  readonly kind: 'tell-ahead';
  readonly issue: number;
  readonly id: string;
  /** None: it was told before, and is too far from the turn now. */
  readonly before: readonly ChangeBefore[];
}

/** The first one for whom the order before it has changed. */
export function tellAhead(state: LineState): TellAhead | undefined {
  const targets = targetsOf(state).filter(target => turnAt(state, target) !== undefined);
  const all = targets.flatMap(target => {
    const [first, ...others] = inOrder(state, target);
    return first === undefined
      ? []
      : others.map((one, index) => plan(one, [first, ...others.slice(0, index)]));
  });
  return all.find(({ known, before }) => !isSameBefore(known, before))?.tell;
}

interface Plan {
  readonly known: readonly ChangeBefore[];
  readonly before: readonly ChangeBefore[];
  readonly tell: TellAhead;
}

function plan(
  { issue, id, ahead = 0, before: known = [] }: WaitingChange,
  front: readonly WaitingChange[],
): Plan {
  const isNear = front.length <= ahead;
  const before = isNear ? front.map(({ issue: number, head }) => ({ issue: number, head })) : [];
  return { known, before, tell: { kind: 'tell-ahead', issue, id, before } };
}

/** What a reducer answers: the new facts with the line for the audit, or why the event makes no sense here. */
import { type Actor } from '../actor.ts';
import type { Judgement } from '../decision.ts';
import type { FactEvent } from '../event.ts';
import type { IssueState } from '../state.ts';

export interface Note {
  readonly cause: string;
  readonly actor: Actor;
  readonly judgement?: Judgement;
  readonly digests?: Readonly<Record<string, string>>;
}

export interface Noted {
  readonly state: IssueState;
  /** Recorded always; without it only a change of stage or hold is. */
  readonly note?: Note;
  /** What the same event did before that, each with a record of its own. */
  readonly earlier?: readonly Noted[];
}

export interface Refused {
  readonly refused: string;
}

export type Reduced = Noted | Refused;

export const refuse = (why: string): Refused => ({ refused: why });

export type FactOf<T extends FactEvent['type']> = Extract<FactEvent, { type: T }>;

/** One look may do several things; each that is worth a record keeps it. */
export function chain(before: Noted, read: (state: IssueState) => Noted): Noted {
  const next = read(before.state);
  if (before.note === undefined) return next;
  if (next.note === undefined) return { ...before, state: next.state };
  const earlier = [...(before.earlier ?? []), { state: before.state, note: before.note }];
  return { ...next, earlier: [...earlier, ...(next.earlier ?? [])] };
}

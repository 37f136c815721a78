/** The result of a reducer: the new state with a note for the audit, or why the event makes no sense. */
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
  /** Always recorded. Without a note, only a change of stage or hold is recorded. */
  readonly note?: Note;
  /** Earlier results of the same event, each with its own record. */
  readonly earlier?: readonly Noted[];
}

export interface Refused {
  readonly refused: string;
}

export type Reduced = Noted | Refused;

export const refuse = (why: string): Refused => ({ refused: why });

export type FactOf<T extends FactEvent['type']> = Extract<FactEvent, { type: T }>;

/** Chains the results of one look, and keeps the note of each. */
export function chain(before: Noted, read: (state: IssueState) => Noted): Noted {
  const next = read(before.state);
  if (before.note === undefined) return next;
  if (next.note === undefined) return { ...before, state: next.state };
  const earlier = [...(before.earlier ?? []), { state: before.state, note: before.note }];
  return { ...next, earlier: [...earlier, ...(next.earlier ?? [])] };
}

/** Everything that can happen to a line of merges. */
import type { ChangeBefore } from '../state/ahead.ts';
import type { JoinRequest } from './state.ts';

export type LineEventBody =
  | { readonly type: 'joined'; readonly request: JoinRequest }
  /** The issue gives up these places, if it has them. */
  | { readonly type: 'left'; readonly issue: number; readonly ids: readonly string[] }
  /** The issue was told that it has the turn. */
  | { readonly type: 'told'; readonly issue: number; readonly id: string }
  /** The issue was told who is merged before it. */
  | {
      readonly type: 'told-ahead';
      readonly issue: number;
      readonly id: string;
      readonly before: readonly ChangeBefore[];
    }
  /** The issue cannot be told: it has no running workflow. */
  | { readonly type: 'lost'; readonly issue: number; readonly id: string }
  | { readonly type: 'timer' };

/** `at`: epoch milliseconds, from Temporal's clock. */
export type LineEvent = LineEventBody & { readonly at: number };

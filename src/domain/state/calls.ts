/** Whom the issue called to which hold, and what a call may use. */
import type { Rung } from './people.ts';

/** From this moment on, in epoch milliseconds, clocks of the time zone are this far ahead of UTC. */
export interface ZoneOffset {
  readonly from: number;
  readonly minutes: number;
}

/** Read with the policy. Absent in lives that began before calls existed, until they read the policy again. */
export interface Calling {
  /** The operator set a webhook. */
  readonly webhook?: true;
  /**
   * The time zone of the quiet hours, oldest first. As data, because a workflow that is replayed with newer time zone tables
   * must decide the same.
   */
  readonly offsets?: readonly ZoneOffset[];
}

/** What identifies a call. */
export interface CallKey {
  /** Counts the calls of the generation from 1. */
  readonly seq: number;
  /** What people are asked; another run asks something else. */
  readonly ask: string;
  /** How often people had done what holds of this name asked: once more, and this call is answered. */
  readonly answers: number;
  readonly rung: Rung;
  /** As shown: `gate:merge`, `blocked`. */
  readonly hold: string;
}

export interface CallMade extends CallKey {
  readonly at: number;
  /** Mentions, such as `@ann` and `@acme/core`; empty if only the webhook was due. */
  readonly who: readonly string[];
  /** The comment, until it is removed. */
  readonly commentId?: number;
  /** What did not work; it holds nothing up. */
  readonly problem?: string;
  /** The webhook: owed, posted, or why it was given up. */
  readonly notice?: 'owed' | 'posted' | { readonly problem: string };
}

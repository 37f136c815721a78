/** The line of merges of one repository: approved changes that wait, and who has the turn. Names and numbers only. */
import type { RepositoryRef } from '../issue-ref.ts';
import type { ChangeBefore } from '../state/ahead.ts';

/** What an issue asks for when it joins. */
export interface JoinRequest {
  /** Of this joining: a later one of the same issue has another id. */
  readonly id: string;
  /** The number of the issue. */
  readonly issue: number;
  /** The branch into which its change is merged. */
  readonly target: string;
  /** The head of its pull request when it joined. */
  readonly head: string;
  /** Epoch milliseconds. */
  readonly approvedAt: number;
  /** How many places after the turn it may be verified ahead; absent: none. */
  readonly ahead?: number;
}

export interface WaitingChange extends JoinRequest {
  readonly joinedAt: number;
  /** Who is merged before it, as it was told; absent: it was not. */
  readonly before?: readonly ChangeBefore[];
}

/** The change that may be merged now into its target branch. */
export interface Turn {
  readonly id: string;
  readonly issue: number;
  readonly target: string;
  readonly since: number;
  /** When the issue was last told; it is told again while it has the turn. */
  readonly toldAt: number;
}

export interface LineState {
  readonly repository: RepositoryRef;
  /** Epoch milliseconds of the latest event. */
  readonly at: number;
  /** At most one for each issue, those with the turn included. */
  readonly waiting: readonly WaitingChange[];
  /** At most one for each target branch. */
  readonly turns: readonly Turn[];
}

/** Bounds the workflow's input. An issue that is not taken asks again later. */
export const WAITING_MAX = 500;

export function beginLine(repository: RepositoryRef, at: number): LineState {
  return { repository, at, waiting: [], turns: [] };
}

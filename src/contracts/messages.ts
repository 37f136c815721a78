/** Payloads of workflows and messages: one object each. New fields must be optional. */
import type { DecisionRequest } from '../domain/decision.ts';
import type { Beginning } from '../domain/generation.ts';
import type { IssueRef, RepositoryRef } from '../domain/issue-ref.ts';
import type { LineState } from '../domain/line/state.ts';
import type { News } from '../domain/observation.ts';
import type { IssueState } from '../domain/state.ts';

export interface IssueInput {
  readonly issue: IssueRef;
  /** Absent in the first generation. */
  readonly beginning?: Beginning;
  /** The complete state; only after continue-as-new. */
  readonly state?: IssueState;
}

/** Signal `poke`: without a branch or a pull request, something may have changed anywhere. */
export type Poke = News;

/** Update `decide`: a decision by anyone with access to the namespace. The policy says whether it counts. */
export interface DecideInput {
  readonly id: string;
  readonly by: string;
  /** The generation that it is meant for; any other generation refuses it. */
  readonly generation?: number;
  readonly request: DecisionRequest;
}

export interface DecideResult {
  /** One line: the decision that was accepted, and by whom. */
  readonly taken: string;
}

export function takenText({ request, by }: Pick<DecideInput, 'request' | 'by'>): string {
  return `/${request.kind} by ${by}`;
}

/** Signal `turn` to an issue: the place that may be merged now. */
export interface TurnGiven {
  readonly id: string;
}

export interface LineInput {
  readonly repository: RepositoryRef;
  /** The complete state; only after continue-as-new. */
  readonly state?: LineState;
}

/** Signal `leave` to a line: the issue gives up these places. */
export interface LeaveLine {
  /** The number of the issue. */
  readonly issue: number;
  readonly ids: readonly string[];
}

export interface ScanInput {
  readonly repository: RepositoryRef;
}

/** Payloads of workflows and messages: one object each; new fields are optional. */
import type { DecisionRequest } from '../domain/decision.ts';
import type { Beginning } from '../domain/generation.ts';
import type { IssueRef, RepositoryRef } from '../domain/issue-ref.ts';
import type { Facet } from '../domain/observation.ts';
import type { IssueState } from '../domain/state.ts';

export interface IssueInput {
  readonly issue: IssueRef;
  /** Absent in a first life. */
  readonly beginning?: Beginning;
  /** Only from continue-as-new: the whole state. */
  readonly state?: IssueState;
}

export interface Poke {
  readonly facets: readonly Facet[];
}

/** Update `decide`: a decision by whoever may reach the namespace; the policy says whether that counts. */
export interface DecideInput {
  readonly id: string;
  readonly by: string;
  /** The generation it is meant for; another one refuses it. */
  readonly generation?: number;
  readonly request: DecisionRequest;
}

export interface DecideResult {
  /** One line: what was taken. */
  readonly taken: string;
}

export interface ScanInput {
  readonly repository: RepositoryRef;
}

/** A decision to deliver: the request from the command line, and the current state of the issue. */
import type { DecisionRequest } from '../../../domain/decision.ts';
import type { IssueRef } from '../../../domain/issue-ref.ts';
import type { Temporal } from '../../temporal/connection.ts';
import type { KnownIssue } from '../../temporal/look.ts';
import type { Cli } from '../cli.ts';
import type { DecisionRoute } from './route.ts';

export interface DecideFlags {
  readonly via?: DecisionRoute;
  readonly by?: string;
  readonly json?: boolean;
}

export interface DecisionCall {
  readonly issue: IssueRef;
  readonly request: DecisionRequest;
  readonly flags: DecideFlags;
}

export interface Delivery {
  readonly cli: Cli;
  readonly temporal: Temporal;
  readonly known: KnownIssue;
  readonly call: DecisionCall;
}

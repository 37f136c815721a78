/** Names shared by Temporal's clients and workers: task queues, workflow ids, messages, search attributes, failure types. */
import { type IssueRef, issueName, type RepositoryRef, repositoryName } from '../domain/issue-ref.ts';

export const SCHEDULER_QUEUE = 'signalbox';
export const RUNNER_QUEUE = 'signalbox-runner';

export const ISSUE_WORKFLOW = 'issueWorkflow';
export const SCAN_WORKFLOW = 'scanWorkflow';
export const LINE_WORKFLOW = 'lineWorkflow';
/** GitHub's longest wait is an hour. A scan that has not ended in time keeps its Schedule from the next one. */
export const SCAN_RUN_TIMEOUT = '2 hours';

/** One open workflow per issue. GitHub's names are case-insensitive, Temporal's ids are not. */
export function issueWorkflowId(issue: IssueRef): string {
  return `issue:${issueName(issue).toLowerCase()}`;
}

export function scanScheduleId(repository: RepositoryRef): string {
  return `scan:${repositoryName(repository).toLowerCase()}`;
}

/** One line of merges per repository. */
export function lineWorkflowId(repository: RepositoryRef): string {
  return `line:${repositoryName(repository).toLowerCase()}`;
}

export const LINE_MESSAGES = {
  join: 'join',
  leave: 'leave',
  line: 'line',
} as const;

export const MESSAGES = {
  poke: 'poke',
  approve: 'approve',
  escalate: 'escalate',
  decide: 'decide',
  story: 'story',
  wake: 'wake',
  turn: 'turn',
  ahead: 'ahead',
} as const;

/** Keyword and Int attributes; a namespace allows ten Keywords (docs of Temporal's visibility). */
export const SEARCH_ATTRIBUTES = {
  Repository: 'Keyword',
  Stage: 'Keyword',
  Hold: 'Keyword',
  WaitingOn: 'Keyword',
  Risk: 'Keyword',
  Mode: 'Keyword',
  Generation: 'Int',
  Attempt: 'Int',
} as const;

export type SearchAttributeName = keyof typeof SEARCH_ATTRIBUTES;

/** The memo field that holds the IssueView. */
export const VIEW_MEMO = 'view';

/**
 * Failure type of activities whose service asks for a long wait (`LongWait` is their only detail). Temporal would retry
 * them after it; workflows that list the type as non-retryable wait themselves.
 */
export const LONG_WAIT = 'LongWait';

export interface LongWait {
  /** Absent when the service named no time. */
  readonly afterMs?: number;
}

/** Failure type of activities that a runner's shutdown ended. Such a run counts as lost, not as failed. */
export const RUNNER_SHUTDOWN = 'RunnerShutdown';

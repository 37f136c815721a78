/** Lists issues from Temporal's visibility index, without GitHub and without a worker. */
import type { WorkflowExecutionInfo } from '@temporalio/client';
import { ISSUE_WORKFLOW, type SearchAttributeName } from '../../contracts/names.ts';
import { type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import type { IssueView } from '../../domain/view.ts';
import { bounded, type Temporal } from './connection.ts';
import { viewInMemo } from './look.ts';
import type { Unserved } from './unserved.ts';

export interface ListFilter {
  readonly repository?: RepositoryRef;
  readonly stage?: string;
  /** `gate` matches every gate, `gate:merge` only that one. */
  readonly hold?: string;
  readonly waitingOn?: string;
  /** Includes issues whose workflow has ended. */
  readonly all?: boolean;
}

export interface ListedIssue {
  readonly issue: string;
  readonly stage: string;
  readonly hold: string;
  readonly waitingOn: string;
  readonly risk: string;
  readonly mode: string;
  readonly running: boolean;
  readonly startedAt: number;
  readonly workflowId: string;
  readonly view?: IssueView;
  /** The build of the workflow code that no scheduler runs any more; absent where all is well. */
  readonly unservedBuild?: string;
}

export interface Listing {
  readonly issues: readonly ListedIssue[];
  /** More issues match than the limit allows. */
  readonly more: boolean;
}

/** Newest first, in the order of the index. */
export async function listIssues(
  temporal: Temporal,
  filter: ListFilter,
  limits: { readonly issuesMax: number; readonly signal?: AbortSignal },
): Promise<Listing> {
  const query = visibilityQuery(filter);
  return await bounded(temporal, () => take(temporal, query, limits.issuesMax), limits);
}

/** Temporal's list filter, with every value quoted. Repository names are compared without case. */
export function visibilityQuery(filter: ListFilter): string {
  const { repository, stage, hold, waitingOn, all = false } = filter;
  const clauses = [
    `WorkflowType = ${quoted(ISSUE_WORKFLOW)}`,
    all ? `ExecutionStatus != 'ContinuedAsNew'` : `ExecutionStatus = 'Running'`,
    ...(repository === undefined
      ? []
      : [`WorkflowId STARTS_WITH ${quoted(`issue:${repositoryName(repository).toLowerCase()}#`)}`]),
    ...(stage === undefined ? [] : [`Stage = ${quoted(stage)}`]),
    ...(hold === undefined ? [] : [holdClause(hold)]),
    ...(waitingOn === undefined ? [] : [`WaitingOn = ${quoted(waitingOn)}`]),
  ];
  return clauses.join(' AND ');
}

function holdClause(hold: string): string {
  return hold === 'gate' ? `Hold STARTS_WITH 'gate:'` : `Hold = ${quoted(hold)}`;
}

function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

async function take(temporal: Temporal, query: string, issuesMax: number): Promise<Listing> {
  const issues: ListedIssue[] = [];
  for await (const found of temporal.client.workflow.list({
    query,
    pageSize: Math.min(issuesMax + 1, 500),
  })) {
    if (issues.length === issuesMax) return { issues, more: true };
    issues.push(listed(found));
  }
  return { issues, more: false };
}

/** Names the build of each issue that no scheduler works on. */
export function markUnserved({ issues, more }: Listing, unserved: readonly Unserved[]): Listing {
  const builds = new Map(
    unserved.flatMap(({ code, workflowIds }) => workflowIds.map(id => [id, code.buildId] as const)),
  );
  const marked = issues.map(issue => {
    const unservedBuild = issue.running ? builds.get(issue.workflowId) : undefined;
    return unservedBuild === undefined ? issue : { ...issue, unservedBuild };
  });
  return { issues: marked, more };
}

function listed(found: WorkflowExecutionInfo): ListedIssue {
  const view = viewInMemo(found.memo);
  const attributes = found.typedSearchAttributes.getAll();
  const text = (name: SearchAttributeName): string => {
    const value: unknown = attributes.find(pair => pair.key.name === name)?.value;
    return typeof value === 'string' ? value : '';
  };
  return {
    issue: view?.issue ?? found.workflowId.replace(/^issue:/, ''),
    stage: text('Stage'),
    hold: text('Hold'),
    waitingOn: text('WaitingOn'),
    risk: text('Risk'),
    mode: text('Mode'),
    running: found.status.name === 'RUNNING',
    startedAt: found.startTime.getTime(),
    workflowId: found.workflowId,
    ...(view === undefined ? {} : { view }),
  };
}

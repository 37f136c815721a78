/** Starts and pokes issue workflows. Only `beginAgain` starts a new one after one that has ended. */
import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowNotFoundError,
  type WorkflowStartOptions,
} from '@temporalio/client';
import {
  defineSearchAttributeKey,
  type SearchAttributePair,
  TypedSearchAttributes,
} from '@temporalio/common';
import type { IssueInput, Poke } from '../../contracts/messages.ts';
import {
  ISSUE_WORKFLOW,
  issueWorkflowId,
  MESSAGES,
  SCHEDULER_QUEUE,
  type SearchAttributeName,
} from '../../contracts/names.ts';
import { begin } from '../../domain/begin.ts';
import type { Beginning } from '../../domain/generation.ts';
import { digestOfText, shortDigest } from '../../domain/digest.ts';
import { type IssueRef, issueName, type RepositoryRef, repositoryName } from '../../domain/issue-ref.ts';
import type { Facet } from '../../domain/observation.ts';
import { searchFacts } from '../../domain/projection.ts';
import { bounded, type Temporal } from './connection.ts';
import { lookAtIssue } from './look.ts';

export type StartAnswer =
  { readonly kind: 'started' } | { readonly kind: 'running' } | { readonly kind: 'ended' };

/** Starts the workflow, or reports the existing one. */
export async function startIssue(temporal: Temporal, issue: IssueRef): Promise<StartAnswer> {
  try {
    await bounded(temporal, () => temporal.client.workflow.start(ISSUE_WORKFLOW, startOptions(issue)));
    return { kind: 'started' };
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const look = await lookAtIssue(temporal, issue);
    return { kind: look.kind === 'closed' ? 'ended' : 'running' };
  }
}

/** Starts the next generation of an issue whose workflow has ended; false when it was already started. */
export async function beginAgain(
  temporal: Temporal,
  issue: IssueRef,
  beginning: Beginning,
): Promise<boolean> {
  const look = await lookAtIssue(temporal, issue);
  if (look.kind === 'running') return false;
  if (look.kind === 'closed' && (look.view?.generation ?? 0) >= beginning.generation) return false;
  const options = { ...startOptions(issue, beginning), workflowIdReusePolicy: 'ALLOW_DUPLICATE' } as const;
  try {
    await bounded(temporal, () => temporal.client.workflow.start(ISSUE_WORKFLOW, options));
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Pokes a running workflow and never starts one. Once it resolves, the signal is durable even without a worker. */
export async function pokeRunningIssue(
  temporal: Temporal,
  issue: IssueRef,
  news: Poke,
): Promise<'delivered' | 'not-running'> {
  const handle = temporal.client.workflow.getHandle(issueWorkflowId(issue));
  const args: [Poke] = [news];
  try {
    await bounded(temporal, () => handle.signal(MESSAGES.poke, ...args));
    return 'delivered';
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'not-running';
    throw error;
  }
}

/** Pokes the workflow and starts it if there is none. Once it resolves, both are durable even without a worker. */
export async function pokeIssue(
  temporal: Temporal,
  issue: IssueRef,
  facets: readonly Facet[],
): Promise<'delivered' | 'ended'> {
  const signalArgs: [Poke] = [{ facets }];
  try {
    await bounded(temporal, () =>
      temporal.client.workflow.signalWithStart(ISSUE_WORKFLOW, {
        ...startOptions(issue),
        signal: MESSAGES.poke,
        signalArgs,
      }),
    );
    return 'delivered';
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'ended';
    throw error;
  }
}

type IssueWorkflow = (input: IssueInput) => Promise<unknown>;

function startOptions(issue: IssueRef, beginning?: Beginning) {
  return {
    workflowId: issueWorkflowId(issue),
    taskQueue: SCHEDULER_QUEUE,
    args: [beginning === undefined ? { issue } : { issue, beginning }],
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    typedSearchAttributes: new TypedSearchAttributes(firstAttributes(issue, beginning)),
    staticSummary: issueName(issue),
    staticDetails: `The life of ${issueName(issue)}, from triage to verified release. Approve with the signal \`approve\` or the update \`decide\`.`,
    priority: { fairnessKey: fairnessKey(issue) },
  } satisfies WorkflowStartOptions<IssueWorkflow>;
}

/** What the workflow would publish first, so that `list` finds the issue before a worker has run it. */
function firstAttributes(issue: IssueRef, beginning: Beginning | undefined): SearchAttributePair[] {
  const facts = searchFacts(begin({ issue, ...beginning, at: Date.now() }));
  const keyword = (name: SearchAttributeName, value: string): SearchAttributePair => ({
    key: defineSearchAttributeKey(name, 'KEYWORD'),
    value,
  });
  const int = (name: SearchAttributeName, value: number): SearchAttributePair => ({
    key: defineSearchAttributeKey(name, 'INT'),
    value,
  });
  return [
    keyword('Repository', facts.repository),
    keyword('Stage', facts.stage),
    keyword('Hold', facts.hold),
    keyword('WaitingOn', facts.waitingOn),
    keyword('Risk', facts.risk),
    keyword('Mode', facts.mode),
    int('Generation', facts.generation),
    int('Attempt', facts.attempt),
  ];
}

/** Temporal's limit for fairness keys (documentation of task queue fairness). */
const FAIRNESS_KEY_BYTES_MAX = 64;

/** Repositories take turns. A name that is too long ends in a digest of it; names are ASCII. */
function fairnessKey(repository: RepositoryRef): string {
  const name = repositoryName(repository).toLowerCase();
  if (name.length <= FAIRNESS_KEY_BYTES_MAX) return name;
  const tail = shortDigest(digestOfText(name));
  return `${name.slice(0, FAIRNESS_KEY_BYTES_MAX - tail.length - 1)}~${tail}`;
}

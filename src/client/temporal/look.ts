/** Describes one issue from its workflow's description, so no worker is needed. */
import { type WorkflowExecutionDescription, WorkflowNotFoundError } from '@temporalio/client';
import { issueWorkflowId, VIEW_MEMO } from '../../contracts/names.ts';
import { type IssueRef, issueName } from '../../domain/issue-ref.ts';
import type { IssueView } from '../../domain/view.ts';
import { ClientProblem } from './client-problem.ts';
import { bounded, type Temporal } from './connection.ts';

/** A scheduled or running activity, as the server sees it. */
export interface PendingActivity {
  readonly name: string;
  readonly attempt: number;
  /** The worker that runs it, such as `4711@host`; absent while it is queued. */
  readonly worker?: string;
  readonly lastHeartbeatAt?: number;
  readonly scheduledAt?: number;
  readonly lastFailure?: string;
  /** When the server starts the next attempt, in epoch milliseconds; absent while one runs. */
  readonly nextAttemptAt?: number;
}

export interface KnownIssue {
  readonly kind: 'running' | 'closed';
  readonly issue: string;
  /** Absent until a scheduler has run the workflow for the first time. */
  readonly view?: IssueView;
  /** Temporal's status: COMPLETED, TERMINATED, … */
  readonly status: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly pending: readonly PendingActivity[];
}

export type IssueLook = { readonly kind: 'unknown'; readonly issue: string } | KnownIssue;

export async function lookAtIssue(temporal: Temporal, issue: IssueRef): Promise<IssueLook> {
  const handle = temporal.client.workflow.getHandle(issueWorkflowId(issue));
  try {
    return knownIssue(issueName(issue), await bounded(temporal, () => handle.describe()));
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return { kind: 'unknown', issue: issueName(issue) };
    throw error;
  }
}

/** Throws `ClientProblem` when the issue has no workflow. */
export async function lookAtKnown(temporal: Temporal, issue: IssueRef): Promise<KnownIssue> {
  const look = await lookAtIssue(temporal, issue);
  if (look.kind === 'unknown') throw unknownIssue(issue);
  return look;
}

export function unknownIssue(issue: IssueRef): ClientProblem {
  const name = issueName(issue);
  const fix = `start one with \`signalbox start ${name}\`, or find out why with \`signalbox explain ${name}\``;
  return new ClientProblem('unknown-issue', { what: `${name} has no workflow`, fix });
}

/** The view in a memo. Our workflow wrote it, so only its presence is checked. */
export function viewInMemo(memo: Readonly<Record<string, unknown>> | undefined): IssueView | undefined {
  const view = memo?.[VIEW_MEMO];
  return typeof view === 'object' && view !== null ? (view as IssueView) : undefined;
}

function knownIssue(issue: string, found: WorkflowExecutionDescription): KnownIssue {
  const view = viewInMemo(found.memo);
  return {
    kind: found.status.name === 'RUNNING' || found.status.name === 'PAUSED' ? 'running' : 'closed',
    issue: view?.issue ?? issue,
    ...(view === undefined ? {} : { view }),
    status: found.status.name,
    workflowId: found.workflowId,
    runId: found.runId,
    startedAt: found.startTime.getTime(),
    ...(found.closeTime === undefined ? {} : { endedAt: found.closeTime.getTime() }),
    pending: pendingActivities(found),
  };
}

type RawPending = NonNullable<WorkflowExecutionDescription['raw']['pendingActivities']>[number];

export function pendingActivities(found: WorkflowExecutionDescription): readonly PendingActivity[] {
  return (found.raw.pendingActivities ?? []).map(pending => {
    const lastHeartbeatAt = millis(pending.lastHeartbeatTime);
    const scheduledAt = millis(pending.scheduledTime);
    const nextAttemptAt = millis(pending.nextAttemptScheduleTime);
    const failure = pending.lastFailure?.message ?? '';
    return {
      name: pending.activityType?.name ?? 'activity',
      attempt: pending.attempt ?? 1,
      ...worker(pending),
      ...(lastHeartbeatAt === undefined ? {} : { lastHeartbeatAt }),
      ...(scheduledAt === undefined ? {} : { scheduledAt }),
      ...(failure === '' ? {} : { lastFailure: failure }),
      ...(nextAttemptAt === undefined ? {} : { nextAttemptAt }),
    };
  });
}

/** PENDING_ACTIVITY_STATE_STARTED in Temporal's API. */
const STARTED = 2;

function worker(pending: RawPending): { readonly worker?: string } {
  const identity = pending.lastWorkerIdentity ?? '';
  return Number(pending.state) === STARTED && identity !== '' ? { worker: identity } : {};
}

function millis(time: RawPending['scheduledTime']): number | undefined {
  const seconds = Number(time?.seconds ?? 0);
  return seconds === 0 ? undefined : seconds * 1000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
}

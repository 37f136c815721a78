/** Sends a decision as the update `decide` to an existing workflow, which accepts or refuses it at once. */
import { randomUUID } from 'node:crypto';
import {
  WorkflowNotFoundError,
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { type DecideInput, type DecideResult, takenText } from '../../contracts/messages.ts';
import { issueWorkflowId, MESSAGES } from '../../contracts/names.ts';
import type { DecisionRequest } from '../../domain/decision.ts';
import { type IssueRef, issueName } from '../../domain/issue-ref.ts';
import { ClientProblem, type ClientProblemKind } from './client-problem.ts';
import { isSilence } from './grpc.ts';
import { bounded, type Temporal } from './connection.ts';
import { lookAtKnown } from './look.ts';

export interface DecideOptions {
  readonly issue: IssueRef;
  readonly request: DecisionRequest;
  /** A login, as claimed by the caller. */
  readonly by: string;
  /** The generation that the person saw; a newer one refuses the decision. */
  readonly generation?: number;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Measured: an idle workflow answers in about 12 ms, one under load in about a second. */
const DECIDE_TIMEOUT_MS = 10_000;

/** Throws `ClientProblem`: refused, moved-on, ended, unknown-issue, no-scheduler, unreachable. */
export async function decide(temporal: Temporal, options: DecideOptions): Promise<DecideResult> {
  const { issue, request, by, generation, timeoutMs = DECIDE_TIMEOUT_MS, signal } = options;
  // Temporal answers an update to a missing workflow and to an ended one with the same error.
  const look = await lookAtKnown(temporal, issue);
  if (look.kind === 'closed') throw ended(issue, look.view?.stage ?? look.status.toLowerCase());
  const input = { id: randomUUID(), by, request, ...(generation === undefined ? {} : { generation }) };
  const handle = temporal.client.workflow.getHandle(issueWorkflowId(issue));
  const limits = { timeoutMs, ...(signal === undefined ? {} : { signal }) };
  try {
    return await bounded(temporal, () => sendDecision(handle, input), limits);
  } catch (error) {
    throw decideProblem(error, issue, timeoutMs);
  }
}

type Handle = ReturnType<Temporal['client']['workflow']['getHandle']>;

/**
 * The SDK sends again when an answer is lost. A workflow that continued as new in between does not know the update any more,
 * but its rules know the decision by its id: it was taken.
 */
export async function sendDecision(handle: Handle, input: DecideInput): Promise<DecideResult> {
  try {
    return await handle.executeUpdate<DecideResult, [DecideInput]>(MESSAGES.decide, {
      args: [input],
      updateId: input.id,
    });
  } catch (error) {
    if (codeOf(error) === 'seen') return { taken: takenText(input) };
    // The server has just answered the describe call, so the worker is the silent one.
    if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError || isSilence(error)) throw new NoAnswer();
    throw error;
  }
}

/** The code of the domain's `decisionProblem`. */
function codeOf(error: unknown): string | undefined {
  const cause = error instanceof WorkflowUpdateFailedError ? error.cause : undefined;
  return cause instanceof ApplicationFailure ? (cause.type ?? undefined) : undefined;
}

class NoAnswer extends Error {}

function decideProblem(error: unknown, issue: IssueRef, timeoutMs: number): unknown {
  if (error instanceof NoAnswer) return noScheduler(timeoutMs);
  if (error instanceof WorkflowNotFoundError) return ended(issue, 'ended');
  if (error instanceof WorkflowUpdateFailedError) return refusal(error);
  return error;
}

function refusal(error: WorkflowUpdateFailedError): ClientProblem {
  const { cause } = error;
  return new ClientProblem(kindOf(codeOf(error)), cause instanceof Error ? cause.message : error.message);
}

/** Maps the codes of the domain's `decisionProblem`. */
function kindOf(code: string | undefined): ClientProblemKind {
  switch (code) {
    case 'stale-digest':
    case 'wrong-gate':
    case 'old-generation':
      return 'moved-on';
    case 'ended':
      return 'ended';
    default:
      return 'refused';
  }
}

export function ended(issue: IssueRef, how: string): ClientProblem {
  return new ClientProblem('ended', `${issueName(issue)} has ended (${how}) and takes no more decisions`);
}

export function noScheduler(timeoutMs: number): ClientProblem {
  const seconds = Math.max(1, Math.round(timeoutMs / 1000));
  return new ClientProblem('no-scheduler', {
    what: `no scheduler is running (no answer within ${seconds} s)`,
    fix: 'start one with `signalbox up` or `signalbox worker scheduler`, then retry',
  });
}

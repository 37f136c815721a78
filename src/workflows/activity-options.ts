/**
 * Timeouts, retries, heartbeats and cancellation of all activities, each with its reason. What depends on the attempt
 * number (giving up, reading before writing, waiting longer) is in `contracts/retries.ts`. Bundled for the workflow
 * sandbox: imports contracts and domain only.
 */
import type { ActivityOptions } from '@temporalio/workflow';
import { LONG_WAIT, RUNNER_QUEUE, SCHEDULER_QUEUE } from '../contracts/names.ts';
import { ATTEMPTS_MAX } from '../contracts/retries.ts';

/**
 * A few requests to GitHub, or a git transfer. Temporal is the only retry engine: an attempt sends once, and Temporal
 * retries until the outcome is known; what cannot succeed is thrown as non-retryable. It retries for about ten minutes, and
 * not across a long wait that GitHub asks for: then the workflow tells people, waits, and sends the same effect again. The
 * limit counts attempts, not time, so that a scheduler that was down is no failure of GitHub. The heartbeat tells a lost
 * host from a slow GitHub. The workflow waits for a cancelled activity: the request may have taken effect, and then it is a
 * fact.
 */
export const GITHUB_EFFECT: ActivityOptions = {
  taskQueue: SCHEDULER_QUEUE,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: {
    initialInterval: '500 milliseconds',
    backoffCoefficient: 2,
    maximumInterval: '1 minute',
    maximumAttempts: ATTEMPTS_MAX.first,
    nonRetryableErrorTypes: [LONG_WAIT],
  },
};

/** Fetches the base and builds a commit: git may take longer than a request. */
export const GIT_EFFECT: ActivityOptions = { ...GITHUB_EFFECT, startToCloseTimeout: '10 minutes' };

/** An effect that has kept failing, sent again after a pause of the workflow: it soon says whether the cause is gone. */
export function sentAgain(options: ActivityOptions): ActivityOptions {
  return { ...options, retry: { ...options.retry, maximumAttempts: ATTEMPTS_MAX.again } };
}

/**
 * One post to the operator's webhook. Nothing waits for it, so it is tried for a quarter of an hour, less and less often; a
 * notice that comes later would tell of something that is over.
 */
export const NOTICE: ActivityOptions = {
  taskQueue: SCHEDULER_QUEUE,
  startToCloseTimeout: '30 seconds',
  scheduleToCloseTimeout: '15 minutes',
  heartbeatTimeout: '10 seconds',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 3, maximumInterval: '5 minutes' },
};

/**
 * An agent run or a verification. One attempt only: the rules decide what follows a lost one. The heartbeat tells a lost
 * host from a long run; 10 s, because the SDK's throttling may delay a heartbeat by 8 s. The start-to-close timeout is
 * above the largest wall clock that a policy may set; the run's own limits end it first. Cancellation waits until the box
 * is dead.
 */
export const RUN: ActivityOptions = {
  taskQueue: RUNNER_QUEUE,
  startToCloseTimeout: '25 hours',
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumAttempts: 1 },
};

/** A verification ahead of the turn uses a free slot only: everything else that waits for a runner goes first. */
export const RUN_AHEAD: ActivityOptions = { ...RUN, priority: { priorityKey: 5 } };

/**
 * Timeouts, retries, heartbeats and cancellation of all activities, each with its reason. What an attempt decides by its
 * number (to give up, to read before it writes, to wait longer) stands in `contracts/retries.ts`. Bundled for the
 * workflow sandbox: imports contracts and domain only.
 */
import type { ActivityOptions } from '@temporalio/workflow';
import { RUNNER_QUEUE, SCHEDULER_QUEUE } from '../contracts/names.ts';

/**
 * One request or a few to GitHub, or a git transfer. Temporal is the only retry engine: an attempt sends once and is
 * repeated until it is known how it ended; what cannot succeed is thrown as non-retryable. The heartbeat tells a lost host
 * from a slow GitHub. One that is called off is waited for: what was sent may have happened, and then it is a fact.
 */
export const GITHUB_EFFECT: ActivityOptions = {
  taskQueue: SCHEDULER_QUEUE,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '1 minute' },
};

/** Builds a commit from bytes, fetching the base first: git may take longer than a request. */
export const GIT_EFFECT: ActivityOptions = { ...GITHUB_EFFECT, startToCloseTimeout: '10 minutes' };

/**
 * An agent run or a verification. One attempt only: a lost one is a fact that the rules judge. The heartbeat tells a
 * lost host from a long run; 10 s because a beat may be 8 s old by the SDK's throttling. The outer time is the largest a
 * policy may ask for; the run's own limits end it long before. Cancellation waits until the box is dead.
 */
export const RUN: ActivityOptions = {
  taskQueue: RUNNER_QUEUE,
  startToCloseTimeout: '25 hours',
  heartbeatTimeout: '10 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { maximumAttempts: 1 },
};

/** When a scheduler asks issues to continue with the current code; the clock and Temporal's answers are the test's. */
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { NativeConnection } from '@temporalio/worker';
import { pino } from 'pino';
import { wakeOlderIssues } from '../../src/workers/scheduler-workers.ts';

const HOUR_MS = 3_600_000;
const logger = pino({ level: 'silent' });

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

/** A server with one issue that always is on another build; `wakes` counts the signals it gets. */
function server() {
  const seen = { current: 'first', wakes: 0 };
  const workflowService = {
    describeWorkerDeployment: () =>
      Promise.resolve({
        workerDeploymentInfo: { routingConfig: { currentDeploymentVersion: { buildId: seen.current } } },
      }),
    listWorkflowExecutions: () =>
      Promise.resolve({
        executions: [{ execution: { workflowId: 'issue:a/b#1', runId: 'run' } }],
        nextPageToken: new Uint8Array(),
      }),
    signalWorkflowExecution: () => Promise.resolve(void (seen.wakes += 1)),
  };
  const connection = { workflowService } as unknown as NativeConnection;
  return { seen, deployment: { connection, namespace: 'default', name: 'signalbox' } };
}

test('it asks often after the start, then every ten minutes, and within ten seconds of a switch by hand', async () => {
  const over = new AbortController();
  const { seen, deployment } = server();
  const waking = wakeOlderIssues(deployment, logger, over.signal);
  await jest.advanceTimersByTimeAsync(60_000);
  expect(seen.wakes).toBe(4);
  await jest.advanceTimersByTimeAsync(HOUR_MS);
  const settled = seen.wakes;
  expect(settled).toBeGreaterThanOrEqual(9);
  expect(settled).toBeLessThanOrEqual(11);

  seen.current = 'second';
  await jest.advanceTimersByTimeAsync(10_000);
  expect(seen.wakes).toBeGreaterThan(settled);

  over.abort();
  await waking;
});

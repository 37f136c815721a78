/** Why a scan does not end: no scheduler, GitHub's limit, or much to do. */
import { describe, expect, test } from '@jest/globals';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import { scanProblem, unfinishedScan } from '../../../src/client/temporal/scan-progress.ts';

const NOW = Date.UTC(2026, 10, 30, 13, 0);
const MINUTE_MS = 60_000;
const REPOSITORY = { owner: 'acme', repo: 'profile' };

/** Temporal's description of a scan with this pending activity. */
const scanning = (activity?: object) =>
  ({
    raw: {
      pendingActivities:
        activity === undefined ? [] : [{ activityType: { name: 'scanRepository' }, ...activity }],
    },
  }) as unknown as WorkflowExecutionDescription;
const failing = (nextAttemptAt: number) =>
  scanning({
    lastFailure: { message: 'used up' },
    nextAttemptScheduleTime: { seconds: nextAttemptAt / 1_000, nanos: 0 },
  });
const problem = (found: WorkflowExecutionDescription) => scanProblem(REPOSITORY, found, NOW)?.trouble.what;
const after = (found: WorkflowExecutionDescription) => unfinishedScan(REPOSITORY, found, MINUTE_MS);

describe('while it runs', () => {
  test('a long wait is told at once, with its end', () => {
    expect(problem(failing(NOW + 40 * MINUTE_MS))).toBe(
      'the scan of acme/profile waits until 2026-11-30 13:40 UTC: used up',
    );
  });

  test.each([
    ['no worker has taken it yet', scanning()],
    ['it runs', scanning({ state: 2, lastWorkerIdentity: '1@host' })],
    ['it is tried again soon', failing(NOW + 5_000)],
  ])('nothing is told while %s', (_, found) => expect(problem(found)).toBeUndefined());
});

describe('when it has not ended in time', () => {
  const running = scanning({ state: 2, lastWorkerIdentity: '1@host' });
  test.each([
    { so: 'no worker has run its workflow', found: scanning(), kind: 'no-scheduler', words: /no scheduler/ },
    {
      so: 'no worker has taken it',
      found: scanning({ state: 1 }),
      kind: 'no-scheduler',
      words: /no scheduler/,
    },
    { so: 'it keeps failing', found: failing(NOW + 5_000), kind: 'delayed', words: /used up/ },
    { so: 'it runs still', found: running, kind: 'delayed', words: /takes more than 60 s/ },
  ])('$so: $kind', ({ found, kind, words }) => {
    const { kind: is, trouble } = after(found);
    expect([is, trouble.what]).toEqual([kind, expect.stringMatching(words)]);
  });
});

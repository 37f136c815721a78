/** The Schedules that scan, on a real server: made once by any number of schedulers, and updated when the interval changes. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { scanScheduleId } from '../../src/contracts/names.ts';
import type { RepositoryRef } from '../../src/domain/issue-ref.ts';
import { scheduleScans } from '../../src/workers/scan-schedules.ts';
import { openStage, type Stage } from '../client/temporal/stage.ts';
import { until } from '../support/until.ts';

const [CARDS, OTHER]: readonly [RepositoryRef, RepositoryRef] = [
  { owner: 'acme', repo: 'cards' },
  { owner: 'acme', repo: 'other' },
];
let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 120_000);
afterAll(async () => stage.end());

/** As a scheduler does at its start. */
const started = (scanned: readonly RepositoryRef[], everySeconds = 60): Promise<void> =>
  scheduleScans(
    { environment: stage.environment, scanned, everySeconds, logger: pino({ level: 'silent' }) },
    new AbortController().signal,
  );
const handleOf = (repository: RepositoryRef) =>
  stage.temporal.client.schedule.getHandle(scanScheduleId(repository));
const intervalsOf = async (repository: RepositoryRef) =>
  (await handleOf(repository).describe()).spec.intervals;

beforeEach(async () => {
  await Promise.all([started([CARDS, OTHER]), started([CARDS, OTHER])]);
});

test('two schedulers that start together make one Schedule for each repository', async () => {
  const ids = await until('both in the list', async () => {
    const listed: string[] = [];
    for await (const { scheduleId } of stage.temporal.client.schedule.list()) listed.push(scheduleId);
    return listed.length >= 2 ? listed : undefined;
  });
  expect(ids.sort()).toEqual([scanScheduleId(CARDS), scanScheduleId(OTHER)]);
  expect(await intervalsOf(CARDS)).toMatchObject([{ every: 60_000 }]);
});

test('a restart changes neither the interval nor the times, and a new interval is taken over', async () => {
  const before = await intervalsOf(CARDS);
  await started([CARDS]);
  expect(await intervalsOf(CARDS)).toEqual(before);
  await started([CARDS], 300);
  expect(await intervalsOf(CARDS)).toMatchObject([{ every: 300_000 }]);
});

test('a Schedule that a person paused stays paused, and a repository that is no longer named keeps its own', async () => {
  await handleOf(CARDS).pause('for a test');
  await started([CARDS]);
  expect((await handleOf(CARDS).describe()).state.paused).toBe(true);
  expect(await intervalsOf(OTHER)).toMatchObject([{ every: 60_000 }]);
});

test('no named repository, no Schedule; a server that is not there is asked until the worker ends', async () => {
  await started([]);
  const over = new AbortController();
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: line => void lines.push(line) });
  const environment = { ...stage.environment, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const trying = scheduleScans({ environment, scanned: [CARDS], everySeconds: 60, logger }, over.signal);
  await until('it says so', () => lines[0]);
  expect(lines[0]).toContain('cannot create the Schedules of the scans yet');
  over.abort();
  await trying;
});

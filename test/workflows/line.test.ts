/** The line of merges on a real server: approved issues are merged one at a time, and nobody who is gone delays the others. */
import { expect, test } from '@jest/globals';
import { readLine, mergeLines } from '../../src/client/temporal/line.ts';
import type { EffectInput } from '../../src/contracts/activities.ts';
import { LINE_WORKFLOW, lineWorkflowId, SCHEDULER_QUEUE } from '../../src/contracts/names.ts';
import { TELL_AGAIN_MS } from '../../src/domain/line/next-step.ts';
import type { LineState } from '../../src/domain/line/state.ts';
import { placeText } from '../../src/domain/line/words.ts';
import { until } from '../support/until.ts';
import { openLives } from './support/lives.ts';
import { approve, PATCH, waitingIn } from './support/waiting.ts';

/** The server suggests continue-as-new after 60 events, so that a line continues as new within a test. */
const lives = openLives({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '60' } });
const waiting = waitingIn(lives);
const REPOSITORY = { owner: 'Acme', repo: 'profile' };

const lineHandle = () => lives.stage().temporal.client.workflow.getHandle(lineWorkflowId(REPOSITORY));

/** Resolves when no line runs. */
async function lineEnds(): Promise<void> {
  await until(
    'the line ends',
    async () => (await lineHandle().describe()).status.name !== 'RUNNING' || undefined,
  );
}

test('three approved issues are merged one at a time, and the line ends', async () => {
  const merging = { now: 0, most: 0 };
  const before = (activity: string): void => {
    if (activity === 'mergePullRequest') merging.now += 1;
    merging.most = Math.max(merging.most, merging.now);
    if (activity === 'readArrival') merging.now -= 1;
  };
  const all = await Promise.all([1, 2, 3].map(() => lives.begin({ ...PATCH, before })));
  await Promise.all(all.map(life => life.to('merge')));
  await Promise.all(all.map(life => approve(life)));
  const ended = await Promise.all(all.map(life => life.toEnd()));
  expect(ended.map(({ stage }) => stage)).toEqual(all.map(() => 'release-verified'));
  expect(merging.most).toBe(1);
  await lineEnds();
}, 60_000);

test('an issue that was terminated in its turn delays the others only until the line tells it again', async () => {
  const [lost, next] = await waiting(2);
  await lost.handle.terminate('a test');
  lost.release();
  // As the line is after five minutes in which nobody answered.
  const view = await readLine(lives.stage().temporal, REPOSITORY);
  await lineHandle().terminate('a test');
  const places = view.targets.flatMap(({ places: all }) => all);
  const [turn] = places;
  if (turn === undefined) throw new Error('nobody has the turn');
  expect([turn.issue, turn.turnSince]).toEqual([lost.number, expect.any(Number)]);
  const { id, issue, target } = turn;
  const since = Date.now() - TELL_AGAIN_MS;
  const state: LineState = {
    ...{ repository: REPOSITORY, at: since, waiting: places },
    turns: [{ id, issue, target, since, toldAt: since }],
  };
  await lives.stage().temporal.client.workflow.start(LINE_WORKFLOW, {
    ...{ workflowId: lineWorkflowId(REPOSITORY), taskQueue: SCHEDULER_QUEUE },
    args: [{ repository: REPOSITORY, state }],
  });
  expect(await next.toEnd()).toMatchObject({ stage: 'release-verified' });
  await lineEnds();
}, 60_000);

test('a terminated line starts again with the next one who joins, and with who asks again', async () => {
  const [first, second] = await waiting(2);
  await lineHandle().terminate('a test');
  // Who had the turn goes on: nothing of a merge depends on the line.
  first.release();
  expect(await first.toEnd()).toMatchObject({ stage: 'release-verified' });
  const third = await lives.begin(PATCH);
  await third.to('merge');
  await approve(third);
  expect(await third.toEnd()).toMatchObject({ stage: 'release-verified' });
  expect((await second.view()).waitingOn).toBe('turn');
  // What the issue itself does after ten minutes.
  const [asked] = second.script.inputs['joinLine'] ?? [];
  const { effect } = asked as EffectInput<'join-line'>;
  await mergeLines(call => call(lives.stage().temporal)).join(REPOSITORY, {
    ...effect,
    issue: second.number,
  });
  expect(await second.toEnd()).toMatchObject({ stage: 'release-verified' });
  await lineEnds();
}, 60_000);

test('schedulers that stop and start again, and a line that continues as new, lose nobody', async () => {
  const all = await waiting(6);
  const started = (await lineHandle().describe()).runId;
  // Somewhere in the turn of the first.
  all[0].release();
  await lives.stopWorkers();
  await lives.startWorkers();
  const ended = await Promise.all(all.map(life => life.toEnd()));
  expect(ended.map(({ stage }) => stage)).toEqual(all.map(() => 'release-verified'));
  await lineEnds();
  expect((await lineHandle().describe()).runId).not.toBe(started);
}, 120_000);

test('a paused issue lets the next one pass, and its place is read by everybody', async () => {
  const [paused, second, third] = await waiting(3);
  const line = await readLine(lives.stage().temporal, REPOSITORY);
  expect(placeText(line, third.number)).toBe(
    `place 3 of 3 in the line of main, behind #${paused.number} and #${second.number}`,
  );
  await paused.decide({ kind: 'pause', reason: 'later' });
  paused.release();
  expect(await second.toEnd()).toMatchObject({ stage: 'release-verified' });
  expect(await third.toEnd()).toMatchObject({ stage: 'release-verified' });
  await lineEnds();
  await paused.decide({ kind: 'resume' });
  expect(await paused.toEnd()).toMatchObject({ stage: 'release-verified' });
  await lineEnds();
  expect(await readLine(lives.stage().temporal, REPOSITORY)).toEqual({
    repository: 'Acme/profile',
    targets: [],
  });
}, 60_000);

/** The line of merges on a real server: approved issues are merged one at a time, and nobody who is gone delays the others. */
import { expect, test } from '@jest/globals';
import { lineWorkflowId } from '../../src/contracts/names.ts';
import { until } from '../support/until.ts';
import type { Life } from './support/life.ts';
import { openLives } from './support/lives.ts';

/** The server suggests continue-as-new after 60 events, so that a line continues as new within a test. */
const lives = openLives({ dynamicConfig: { 'limit.historyCount.suggestContinueAsNew': '60' } });
const PATCH = { change: { patch: '1'.repeat(40) }, hasLines: true as const };
const REPOSITORY = { owner: 'Acme', repo: 'profile' };

async function approve(life: Life): Promise<void> {
  await life.decide({ kind: 'approve', digest: (await life.view()).hold?.digest ?? '' });
}

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
  await Promise.all(all.map(approve));
  const ended = await Promise.all(all.map(life => life.toEnd()));
  expect(ended.map(({ stage }) => stage)).toEqual(all.map(() => 'release-verified'));
  expect(merging.most).toBe(1);
  await lineEnds();
}, 60_000);

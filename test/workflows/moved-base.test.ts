/** A default branch that moves on while a change waits, through the real workflow on a real server. */
import { expect, test } from '@jest/globals';
import type { EffectInput } from '../../src/contracts/activities.ts';
import { type Life, policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();
const LATER = 'b'.repeat(40);

async function approve(life: Life): Promise<void> {
  await life.decide({ kind: 'approve', digest: (await life.view()).hold?.digest ?? '' });
}

const effectsOf = (life: Life, activity: 'buildChange' | 'pushCommit' | 'runAgent') =>
  (life.script.inputs[activity] ?? []).map(
    input => (input as EffectInput<'build-change' | 'push-commit' | 'run-agent'>).effect,
  );

test('a moved default branch needs no push and no second approval: what a merge makes is verified', async () => {
  const life = await lives.begin({ change: { patch: '1'.repeat(40) } });
  const before = await life.to('merge');
  life.script.head = LATER;
  await approve(life);
  const ended = await life.when('is verified', ({ stage }) => stage === 'release-verified');
  expect(ended).toMatchObject({ runs: 1, base: before.base, merge: { commit: expect.any(String) } });
  expect(life.script.inputs['mergePullRequest']).toMatchObject([
    { effect: { head: before.change?.commit, approval: { carried: { base: before.base } } } },
  ]);
  const counts = ['buildChange', 'pushCommit', 'buildCandidate', 'verifyCandidate', 'readArrival'];
  expect(counts.map(name => life.script.inputs[name]?.length)).toEqual([1, 1, 1, 1, 1]);
  const carried = (await life.records()).find(({ cause }) => cause.includes('carried over'));
  expect(carried).toMatchObject({
    actor: { kind: 'rule', name: 'carry-over of approvals' },
    digests: { baseBefore: before.base, base: LATER, patch: '1'.repeat(40) },
  });
});

test('when git cannot merge both, the next attempt starts from the new base with a lesson', async () => {
  const life = await lives.begin({ change: { patch: '1'.repeat(40) }, conflict: ['src/greeting.js'] });
  await life.to('merge');
  life.script.head = LATER;
  await approve(life);
  expect(await life.to('merge')).toMatchObject({ runs: 2, base: LATER });
  expect(effectsOf(life, 'runAgent')[1]).toMatchObject({
    inputs: { base: LATER },
    lessons: expect.arrayContaining([expect.stringContaining('conflicts in src/greeting.js')]),
  });
});

test('a change without a known patch, as an older release left it, is built and verified on the moved branch, and needs a new approval', async () => {
  const life = await lives.begin();
  const before = await life.to('merge');
  life.script.head = LATER;
  await approve(life);
  const asked = await life.when(
    'asks again',
    ({ hold }) => hold?.gate === 'merge' && hold.digest !== before.hold?.digest,
  );
  expect(asked.hold?.why.join()).toContain('is no longer valid; changed: the base commit');
  expect(asked).toMatchObject({ runs: 1, base: LATER, stage: 'pr' });
  expect(effectsOf(life, 'buildChange')).toMatchObject([
    { base: before.base },
    { base: LATER, from: before.base },
  ]);
  expect(effectsOf(life, 'pushCommit')).toMatchObject([{}, { expected: before.change?.commit }]);
  expect(life.script.log).not.toContain('mergePullRequest began');
  const stale = await life.refused({ kind: 'approve', digest: before.hold?.digest ?? '' });
  expect(stale).toMatchObject({ code: 'stale-digest', message: expect.stringContaining('the base commit') });
  expect(await life.toEnd()).toMatchObject({ stage: 'release-verified', runs: 1 });
  const causes = (await life.records()).map(({ cause }) => cause);
  expect(causes).toContain(`the default branch moved to ${LATER.slice(0, 12)}`);
});

test('when files of such a change have changed there, the next attempt starts from the new base with a lesson', async () => {
  const life = await lives.begin({ outdated: ['src/greeting.js'] });
  await life.to('merge');
  life.script.head = LATER;
  await approve(life);
  expect(await life.when('runs again', ({ runs }) => runs === 2)).toMatchObject({ base: LATER });
  expect(await life.to('merge')).toMatchObject({ runs: 2, base: LATER });
  expect(effectsOf(life, 'runAgent')[1]).toMatchObject({
    inputs: { base: LATER },
    lessons: expect.arrayContaining([expect.stringContaining('src/greeting.js')]),
  });
});

test('a moved default branch is ignored if the policy allows it', async () => {
  const life = await lives.begin({ policy: policyWith({ merge: '{ by: scheduler, upToDate: false }' }) });
  await life.to('merge');
  life.script.head = LATER;
  await approve(life);
  expect(await life.toEnd()).toMatchObject({ stage: 'release-verified', runs: 1 });
  expect(effectsOf(life, 'buildChange')).toHaveLength(1);
});

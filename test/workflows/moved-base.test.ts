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

test('a moved default branch voids the merge approval: the same bytes are built and verified on it, and need a new approval', async () => {
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

test('when files of the change have changed there, the next attempt starts from the new base with a lesson', async () => {
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

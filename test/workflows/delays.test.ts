/** Temporal's retries end after a while: the workflow says what keeps failing, and goes on by itself. */
import { expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { LONG_WAIT } from '../../src/contracts/names.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

/** GitHub's limit, which ends after that time. */
const limited = (afterMs: number): ApplicationFailure =>
  ApplicationFailure.create({
    ...{ type: LONG_WAIT, message: "GitHub's requests of this hour are used up", nextRetryDelay: afterMs },
    details: [{ afterMs }],
  });

/** `begin` for a life whose activity fails until the returned function is called. */
async function failing(name: string, error: () => Error) {
  let isBroken = true;
  const before = (activity: string): void => {
    if (isBroken && activity === name) throw error();
  };
  const life = await lives.begin({ before });
  return { life, repair: () => void (isBroken = false) };
}

test('a limit of GitHub is a hold with its end, costs one attempt, and goes on by itself', async () => {
  const { life, repair } = await failing('readPolicy', () => limited(3_000));
  const view = await life.held('delayed');
  expect(view.hold).toMatchObject({ who: 'no one', because: 'limit' });
  expect(view.hold?.why[0]).toContain("GitHub's requests of this hour are used up");
  expect(view.until).toBeGreaterThan(Date.now() - 3_000);
  repair();
  const asked = life.script.inputs['readPolicy']?.length ?? 0;
  const after = await life.atGate('start');
  expect(after).not.toHaveProperty('delays');
  expect(life.script.inputs['readPolicy']).toHaveLength(asked + 1);
  expect(life.script.inputs['readPolicy']?.at(-1)).toMatchObject({ context: { again: true } });
});

test('a person who knows better has it tried at once', async () => {
  const { life, repair } = await failing('look', () => limited(3_600_000));
  await life.held('delayed');
  repair();
  await life.decide({ kind: 'retry' });
  await life.atGate('start');
});

test('a comment that cannot be written is told by Temporal, and the work goes on', async () => {
  const { life, repair } = await failing('writeProjection', () => limited(4_000));
  const view = await life.atGate('start');
  const told = await life.when('tells of the comment', ({ delays = [] }) => delays.length > 0);
  expect(told.delays).toEqual([expect.stringContaining('project has not succeeded since')]);
  repair();
  await life.when('has written it', ({ delays = [] }) => delays.length === 0);
  await life.decide({ kind: 'approve', digest: view.hold?.digest ?? '' });
  expect((await life.toEnd()).stage).toBe('release-verified');
});

test('a short wait stays with Temporal, and no one is told', async () => {
  let attempts = 0;
  const before = (activity: string): void => {
    if (activity === 'readPolicy' && ++attempts < 3)
      throw ApplicationFailure.create({
        type: 'GitHub:rate-limited',
        message: 'slow down',
        nextRetryDelay: 50,
      });
  };
  const life = await lives.begin({ before });
  await life.atGate('start');
  expect(attempts).toBe(3);
  expect((await life.records()).filter(({ hold }) => hold === 'delayed')).toEqual([]);
});

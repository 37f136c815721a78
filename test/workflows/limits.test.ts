/** Every ending of a run and every limit of an issue through the real workflow: each has its own name and next step. */
import { beforeAll, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import { RUNNER_SHUTDOWN } from '../../src/contracts/names.ts';
import { type Ending, ENDING_RULES, AGENT_ENDINGS } from '../../src/domain/ending.ts';
import type { RunEnd } from '../../src/domain/state/work.ts';
import type { Script } from '../client/temporal/script.ts';
import { type Life, policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

const usage = (costUsd: number): RunEnd['usage'] => ({ inputTokens: 1, outputTokens: 1, costUsd });

/** What follows an ending in a mode that requires a change. */
const SEQUEL: Readonly<Record<string, 'another run' | 'a hold' | 'a change'>> = {
  build: 'a change',
  // Only a report, but the mode requires a change.
  deliver: 'a hold',
  ask: 'a hold',
  retry: 'another run',
};

const byEnding = new Map<Ending, Life>();
beforeAll(async () => {
  for (const ending of AGENT_ENDINGS) {
    const first = ending === 'patch' ? {} : { ending, summary: `it came to ${ending}` };
    byEnding.set(ending, await lives.begin({ runs: [first] }));
  }
  for (const life of byEnding.values()) {
    const { hold } = await life.atGate('start');
    await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  }
}, 120_000);

test.each(AGENT_ENDINGS)('the ending %s is followed by the step in its rule', async ending => {
  const life = byEnding.get(ending);
  if (life === undefined) throw new Error(ending);
  const { sequel, counts, meaning } = ENDING_RULES[ending];
  const view = await life.when('is past its first run', ({ hold }) =>
    ['merge', 'blocked'].includes(hold?.gate ?? hold?.kind ?? ''),
  );
  const record = (await life.records()).find(({ cause }) => cause === `run g1-a1 ended: ${meaning}`);
  expect(record?.actor).toEqual(
    counts === 'own' ? { kind: 'worker', runId: 'g1-a1' } : { kind: 'rule', name: 'run limits' },
  );
  switch (SEQUEL[sequel]) {
    case 'a change':
      expect(view).toMatchObject({ runs: 1, hold: { gate: 'merge' } });
      break;
    case 'another run':
      expect(view).toMatchObject({ runs: 2, hold: { gate: 'merge' } });
      expect(life.script.inputs['runAgent']?.at(-1)).toMatchObject({
        effect: { attempt: 2, lessons: [`attempt 1: ${ending}: it came to ${ending}`] },
      });
      break;
    default:
      expect(view).toMatchObject({ runs: 1, hold: { kind: 'blocked' } });
      expect(view.hold?.why.join()).toContain(meaning);
  }
});

async function blockedAfterStart(script: Partial<Script>): Promise<Life> {
  const life = await lives.begin(script);
  const { hold } = await life.atGate('start');
  await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
  await life.held('blocked');
  return life;
}

const why = async (life: Life): Promise<string> => (await life.view()).hold?.why.join() ?? '';
const runs = (life: Life): number => life.script.inputs['runAgent']?.length ?? 0;

test('an issue is blocked when its attempts are used up, and a retry allows as many again', async () => {
  const crashed = { ending: 'crashed', usage: usage(0) } as const;
  const policy = policyWith({ limits: '{ attempts: 2 }' });
  const life = await blockedAfterStart({ policy, runs: [crashed, crashed, crashed] });
  expect(await why(life)).toBe('2 attempts are used up (last: the agent crashed)');
  expect(runs(life)).toBe(2);
  await life.decide({ kind: 'retry' });
  await life.atGate('merge');
  expect(runs(life)).toBe(4);
});

test('runs lost with their hosts are counted separately from attempts, and each counts with its full budget', async () => {
  const policy = policyWith({ limits: '{ attempts: 1, lostRuns: 2, costUsd: 3, costUsdPerIssue: 100 }' });
  let lost = true;
  const life = await blockedAfterStart({
    policy,
    before: activity => {
      if (activity === 'runAgent' && lost)
        throw ApplicationFailure.nonRetryable('the runner stops', RUNNER_SHUTDOWN);
    },
  });
  expect(await why(life)).toBe('2 runs were lost with their hosts');
  expect((await life.view()).spentUsd).toBe(6);
  lost = false;
  await life.decide({ kind: 'retry' });
  expect(await life.atGate('merge')).toMatchObject({ runs: 3, run: { ending: 'patch' } });
});

test('a lost verification is repeated until it was lost too often', async () => {
  const policy = policyWith({ limits: '{ lostRuns: 2 }' });
  let lost = true;
  const life = await blockedAfterStart({
    policy,
    before: activity => {
      if (activity === 'verifyChange' && lost)
        throw ApplicationFailure.nonRetryable('the runner stops', RUNNER_SHUTDOWN);
    },
  });
  expect(await why(life)).toBe('verify-change was lost with its host 2 times');
  expect(life.script.inputs['verifyChange']).toHaveLength(2);
  lost = false;
  await life.decide({ kind: 'retry' });
  // The change of the completed run is still used.
  expect(await life.atGate('merge')).toMatchObject({ runs: 1 });
});

test('a run gets what is left of the issue’s budget; when it is used up, only a new policy allows more', async () => {
  const costly = { ending: 'crashed', usage: usage(4) } as const;
  const limits = (perIssue: number): string =>
    policyWith({ limits: `{ attempts: 10, costUsd: 4, costUsdPerIssue: ${perIssue} }` });
  const life = await blockedAfterStart({ policy: limits(6), runs: [costly, costly, costly] });
  expect(await why(life)).toBe("the issue's budget of 6 USD is used up");
  expect(life.script.inputs['runAgent']).toMatchObject([
    { effect: { costUsdMax: 4 } },
    { effect: { costUsdMax: 2 } },
  ]);
  const policies = life.script.inputs['readPolicy']?.length ?? 0;
  await life.decide({ kind: 'retry' });
  await life.when('has read the policy', () => (life.script.inputs['readPolicy']?.length ?? 0) > policies);
  await life.held('blocked');
  expect(runs(life)).toBe(2);
  life.script.policy = limits(20);
  await life.decide({ kind: 'retry' });
  // A changed policy needs a new approval.
  await life.to('merge');
  expect(runs(life)).toBe(4);
});

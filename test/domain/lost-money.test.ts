/** Money that may have been spent counts until it is known: a run that was lost with its host told nobody what it cost. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Ending, ENDINGS } from '../../src/domain/ending.ts';
import { reservedUsd, spentUsd } from '../../src/domain/facts.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { projection } from '../../src/domain/projection.ts';
import { flow } from './life/acts.ts';
import { policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { decide } from './life/people.ts';
import { SEED } from './life/seed.ts';
import { World } from './life/world.ts';

const USD_OF_A_RUN = 1;

function running(costUsdPerIssueMax: number): World {
  const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run', costUsdPerIssueMax }) }));
  untilRun(world);
  return world;
}

/** Until a run is under way, a person is needed, or nothing is left to do. */
function untilRun(world: World): void {
  world.settle();
  for (let round = 0; round < 40 && world.effect?.effect.kind !== 'run-agent'; round++) {
    if (world.effect === undefined && world.upkeep === undefined) return;
    world.landUpkeep();
    world.land();
  }
}

function endRun(world: World, ending: Ending, costUsd: number): void {
  const effect = world.effect?.effect;
  if (effect?.kind !== 'run-agent') return;
  const usage = { inputTokens: 1, outputTokens: 1, costUsd: ending === 'lost' ? 0 : costUsd };
  world.land({
    type: 'run-ended',
    runId: effect.runId,
    end: { ending, endedAt: world.now, summary: 'it ended', usage },
  });
}

function runsAs(ending: 'lost' | 'crashed', costUsdPerIssueMax: number): World {
  const policy = policyOf({ mode: 'auto-run', costUsdPerIssueMax });
  const world = new World(newGitHub({ policy, nextRun: { ending, path: 'a.ts', concern: false } }));
  flow(world);
  return world;
}

test('a lost run counts with all that it was allowed to cost', () => {
  const { state } = runsAs('lost', 4);
  expect(state.runs.map(run => run.end?.ending)).toEqual(['lost', 'lost']);
  expect(spentUsd(state)).toBe(2 * USD_OF_A_RUN);
});

test('a run that told what it cost counts with that, however much was set aside for it', () => {
  const { state } = runsAs('crashed', 4);
  expect(spentUsd(state)).toBeCloseTo(0.3);
});

test('after a lost run that may have used the budget up, no other begins', () => {
  const { state } = runsAs('lost', USD_OF_A_RUN);
  expect(state.runs).toHaveLength(1);
  expect(nextStep(state)).toMatchObject({
    kind: 'hold',
    hold: { kind: 'blocked', why: [`the issue's budget of ${USD_OF_A_RUN} USD is used up`] },
  });
});

test('while a run is under way, what it may cost is set aside and shown; after it, what it did cost counts', () => {
  const world = running(4);
  expect([spentUsd(world.state), reservedUsd(world.state)]).toEqual([0, USD_OF_A_RUN]);
  expect(projection(world.state).comment).toContain('up to 1.0000 USD reserved for the current run');
  endRun(world, 'crashed', 0.25);
  untilRun(world);
  expect([spentUsd(world.state), reservedUsd(world.state)]).toEqual([0.25, USD_OF_A_RUN]);
});

test('a run gets no more than is left of the issue’s money, and that stays its limit while it goes on', () => {
  const world = running(1.5);
  endRun(world, 'crashed', 0.9);
  untilRun(world);
  const { effect } = world.effect ?? {};
  expect(effect).toMatchObject({ kind: 'run-agent', attempt: 2, costUsdMax: 0.6 });
  expect(nextStep(world.state)).toEqual({ kind: 'effect', effect });
});

test('whatever runs come to and people do about it, spent and set aside never exceed the money of the issue', () => {
  const ends = fc.array(
    fc.record({
      ending: fc.constantFrom(...ENDINGS),
      part: fc.integer({ min: 0, max: 100 }),
      retries: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  );
  const budget = fc.constantFrom(0.7, 1, 2.5, 4);
  fc.assert(
    fc.property(budget, ends, (max, ended) => {
      const world = running(max);
      for (const { ending, part, retries } of ended) {
        const { effect } = world.effect ?? {};
        if (effect?.kind !== 'run-agent') break;
        expect(spentUsd(world.state) + reservedUsd(world.state)).toBeLessThanOrEqual(max + 1e-9);
        expect(effect.costUsdMax).toBeGreaterThan(0);
        endRun(world, ending, (effect.costUsdMax * part) / 100);
        untilRun(world);
        if (retries) decide(world, 'ann', { kind: 'retry' });
        untilRun(world);
      }
      expect(spentUsd(world.state)).toBeLessThanOrEqual(max + 1e-9);
    }),
    { seed: SEED, numRuns: 100 },
  );
});

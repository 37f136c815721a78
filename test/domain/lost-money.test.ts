/** A run that is lost with its host reports no cost, so it counts with the most that it could have spent. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Ending, AGENT_ENDINGS } from '../../src/domain/ending.ts';
import { reservedUsd, spentUsd } from '../../src/domain/facts.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { projection } from '../../src/domain/projection.ts';
import { decide } from './life/people.ts';
import { SEED } from './life/seed.ts';
import type { World } from './life/world.ts';
import { AUTO, Scene } from './mutants/scene.ts';

const USD_OF_A_RUN = 1;

function running(costUsdPerIssueMax: number): World {
  const { world } = new Scene({ ...AUTO, costUsdPerIssueMax });
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

const runsAs = (ending: 'lost' | 'crashed', costUsdPerIssueMax: number): World =>
  new Scene({ ...AUTO, costUsdPerIssueMax, run: { ending } }).flow().world;

test('a lost run counts with its whole allowance', () => {
  const { state } = runsAs('lost', 4);
  expect(state.runs.map(run => run.end?.ending)).toEqual(['lost', 'lost']);
  expect(spentUsd(state)).toBe(2 * USD_OF_A_RUN);
});

test('a run that reported its cost counts with that cost', () => {
  const { state } = runsAs('crashed', 4);
  expect(spentUsd(state)).toBeCloseTo(0.3);
});

test('no run starts after a lost run that may have used up the budget', () => {
  const { state } = runsAs('lost', USD_OF_A_RUN);
  expect(state.runs).toHaveLength(1);
  expect(nextStep(state)).toMatchObject({
    kind: 'hold',
    hold: { kind: 'blocked', why: [`the issue's budget of ${USD_OF_A_RUN} USD is used up`] },
  });
});

test('the allowance of a live run is reserved and shown; its real cost counts afterwards', () => {
  const world = running(4);
  expect([spentUsd(world.state), reservedUsd(world.state)]).toEqual([0, USD_OF_A_RUN]);
  expect(projection(world.state).comment).toContain('up to 1.0000 USD reserved for the current run');
  endRun(world, 'crashed', 0.25);
  untilRun(world);
  expect([spentUsd(world.state), reservedUsd(world.state)]).toEqual([0.25, USD_OF_A_RUN]);
});

test('a run gets at most what is left of the budget, and keeps that limit while it runs', () => {
  const world = running(1.5);
  endRun(world, 'crashed', 0.9);
  untilRun(world);
  const { effect } = world.effect ?? {};
  expect(effect).toMatchObject({ kind: 'run-agent', attempt: 2, costUsdMax: 0.6 });
  expect(nextStep(world.state)).toEqual({ kind: 'effect', effect });
});

test('spent and reserved money never exceed the budget, whatever runs and people do', () => {
  const ends = fc.array(
    fc.record({
      ending: fc.constantFrom(...AGENT_ENDINGS),
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

/**
 * Random sequences of work, people, GitHub and faults; the invariants hold after every act.
 * SIGNALBOX_TEST_SEQUENCES sets how many.
 */
import process from 'node:process';
import { afterAll, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { SEED } from './life/seed.ts';
import { acts, play, policy } from './life/sequence.ts';
import { expected, witnessed } from './life/witness.ts';

const RUNS = Number(process.env['SIGNALBOX_TEST_SEQUENCES'] ?? 2_000);
const TIMEOUT_MS = RUNS * 300;

describe('any sequence of acts', () => {
  test(
    'keeps every invariant, and ends when the faults stop',
    () => {
      fc.assert(fc.property(policy, acts, play), { seed: SEED, numRuns: RUNS });
    },
    TIMEOUT_MS,
  );
});

afterAll(() => {
  const seen = expected().filter(name => witnessed().has(name)).length;
  process.stdout.write(`sequences: ${RUNS}, seed ${SEED}, ${seen} of ${expected().length} names witnessed\n`);
});

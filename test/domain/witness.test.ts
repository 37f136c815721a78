/** Not vacuous: the directed lives and a few sequences of a fixed seed see everything there is; what is missing is named. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { acts, play, policy } from './life/sequence.ts';
import { expected, witnessed } from './life/witness.ts';
import { PROBES } from './mutants/probes.ts';

const SEED = 7;
const SEQUENCES = 100;

test('no directed life breaks an invariant, and every stage, hold, ending, limit, drift and fault is among them', () => {
  for (const probe of PROBES) probe.play();
  fc.assert(fc.property(policy, acts, play), { seed: SEED, numRuns: SEQUENCES });
  const missing = expected().filter(name => !witnessed().has(name));
  expect(missing).toEqual([]);
}, 300_000);

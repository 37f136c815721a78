/** The probes are not vacuous: together they reach every stage, hold, ending, limit, drift and fault. */
import { expect, test } from '@jest/globals';
import { expected, witnessed } from './life/witness.ts';
import { PROBES } from './mutants/probes.ts';

test('no probe breaks an invariant, and together the probes reach everything that is listed', () => {
  for (const probe of PROBES) probe.play();
  const missing = expected().filter(name => !witnessed().has(name));
  expect(missing).toEqual([]);
}, 300_000);

/** Not vacuous: the directed lives see everything there is; what is missing is named. */
import { expect, test } from '@jest/globals';
import { expected, witnessed } from './life/witness.ts';
import { PROBES } from './mutants/probes.ts';

test('no directed life breaks an invariant, and every stage, hold, ending, limit, drift and fault is among them', () => {
  for (const probe of PROBES) probe.play();
  const missing = expected().filter(name => !witnessed().has(name));
  expect(missing).toEqual([]);
}, 300_000);

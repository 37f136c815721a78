/**
 * Sequences of work, people, GitHub and faults in any interleaving; the invariants hold after every act. The seed follows
 * from the rules: the same ones are always judged by the same sequences, each change of them by others. Another seed or
 * more runs: SIGNALBOX_TEST_SEED and SIGNALBOX_TEST_SEQUENCES.
 */
import { createHash } from 'node:crypto';
import process from 'node:process';
import { afterAll, describe, test } from '@jest/globals';
import fc from 'fast-check';
import { acts, play, policy } from './life/sequence.ts';
import { expected, witnessed } from './life/witness.ts';
import { rulesFiles, rulesText } from './mutants/rules.ts';

const SEED = Number(process.env['SIGNALBOX_TEST_SEED'] ?? seedOfRules());
const RUNS = Number(process.env['SIGNALBOX_TEST_SEQUENCES'] ?? 2_000);
const TIMEOUT_MS = RUNS * 300;

describe('any sequence of acts', () => {
  test(
    'keeps every invariant, and comes to an end when the faults stop',
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

function seedOfRules(): number {
  const hash = createHash('sha256');
  for (const file of rulesFiles()) hash.update(rulesText(file));
  return hash.digest().readUInt32BE() >>> 1;
}

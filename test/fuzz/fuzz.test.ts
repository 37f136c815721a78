/** A short run of each fuzzer with a new seed; `npm run fuzz -- --seconds N` is the long one. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SEED } from '../support/seed.ts';
import { fuzz } from './fuzz.ts';
import { fuzzTarget, fuzzTargets } from './target.ts';

const INPUTS = 60;

const targets = await fuzzTargets();

test.each(targets.map(target => [target.name, target] as const))(
  `%s: the property holds (${INPUTS} inputs, seed ${SEED})`,
  async (_name, target) => {
    expect(await fuzz(target, { seed: SEED, inputsMax: INPUTS })).toEqual({ inputs: INPUTS });
  },
);

describe('the fuzzer', () => {
  const seed = 7;
  const small = fuzzTarget({
    name: 'small numbers',
    inputs: fc.nat(),
    check: number => {
      if (number > 1_000) throw new Error('too large');
    },
  });

  test('finds an input that breaks the property, makes it small, and finds it again by its path', async () => {
    const { failure } = await fuzz(small, { seed, inputsMax: 1_000 });
    expect(failure).toMatchObject({ input: '1001', error: 'too large' });
    const again = await fuzz(small, { seed, inputsMax: 1_000, path: failure?.path ?? '' });
    expect(again).toEqual({ inputs: 1, failure });
  });

  test('takes an input that costs too much time for a failure', async () => {
    const slow = fuzzTarget({
      name: 'slow',
      inputs: fc.constant(2_100),
      check: async ms => {
        const endsAt = performance.now() + ms;
        while (performance.now() < endsAt);
      },
    });
    const { failure } = await fuzz(slow, { seed, inputsMax: 1 });
    expect(failure?.error).toMatch(/^one input took \d{4} ms$/);
  });

  test('ends when its time is over', async () => {
    const holds = fuzzTarget({ name: 'all', inputs: fc.nat(), check: () => undefined });
    const { inputs, failure } = await fuzz(holds, { seed, ms: 100 });
    expect(failure).toBeUndefined();
    expect(inputs).toBeGreaterThan(1);
  });
});

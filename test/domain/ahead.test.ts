/** A change is verified ahead of its turn in the line of merges: when that counts, and that its failure holds nobody. */
import { expect, test } from '@jest/globals';
import { AHEAD_PROBES, LINE_AHEAD_PROBES } from './mutants/probes/aheads.ts';

test.each([...AHEAD_PROBES, ...LINE_AHEAD_PROBES].map(({ name, play }) => ({ name, play })))(
  '$name',
  ({ play }) => {
    expect(play).not.toThrow();
  },
);

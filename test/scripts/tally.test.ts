/** The line that the build machine reads. */
import { expect, test } from '@jest/globals';
import { lastTally, sum, tallyLine } from '../../scripts/support/tally.mjs';

test('the tally is read from the last line alone', () => {
  expect(lastTally('1 passed, 2 failed\nother\n12 passed, 0 failed\n')).toEqual({ passed: 12, failed: 0 });
  expect(lastTally('12 passed, 0 failed\nmore\n')).toBeUndefined();
  expect(lastTally('x 12 passed, 0 failed')).toBeUndefined();
});

test('the line of a sum is read as its sum', () => {
  const line = tallyLine(sum({ passed: 3, failed: 1 }, { passed: 4, failed: 2 }));
  expect(line).toBe('7 passed, 3 failed');
  expect(lastTally(line)).toEqual({ passed: 7, failed: 3 });
});

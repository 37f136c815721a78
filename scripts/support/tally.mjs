/** Counts of tests, written as the line `N passed, N failed` that the build machine reads. */

/** @typedef {{ passed: number, failed: number }} Tally */

/** @param {Tally} tally */
export const tallyLine = ({ passed, failed }) => `${passed} passed, ${failed} failed`;

/**
 * The tally in the last line of a program's output, if it is one.
 * @param {string} output
 * @returns {Tally | undefined}
 */
export function lastTally(output) {
  const found = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(output);
  return found ? { passed: Number(found[1]), failed: Number(found[2]) } : undefined;
}

/** @param {Tally} left @param {Tally} right */
export const sum = (left, right) => ({
  passed: left.passed + right.passed,
  failed: left.failed + right.failed,
});

/** Jest's order of the test files of a stage, which share one stack: by name. */
import sequencer from '@jest/test-sequencer';

/** @typedef {{ path: string }} TestFile */
/**
 * The package's types describe its CommonJS form, where the class is a member.
 * @typedef {new (...args: unknown[]) => object} Sequencer
 */
const TestSequencer = /** @type {Sequencer} */ (/** @type {unknown} */ (sequencer));

export default class ByName extends TestSequencer {
  /** @param {readonly TestFile[]} tests */
  sort(tests) {
    return [...tests].sort((left, right) => (left.path < right.path ? -1 : 1));
  }
}

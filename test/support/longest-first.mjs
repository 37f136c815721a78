/**
 * Jest's order of test files: the slowest first, so that no worker starts a slow one at the end. A fresh clone has no
 * recorded durations and uses this list instead; `npm test` prints the slowest files.
 */
import path from 'node:path';
import sequencer from '@jest/test-sequencer';

/** @typedef {{ path: string }} TestFile */
/**
 * The package's types describe its CommonJS form, where the class is a member, and hide `time`.
 * @typedef {new (...args: unknown[]) => { time(test: TestFile): number | undefined }} Sequencer
 */
const TestSequencer = /** @type {Sequencer} */ (/** @type {unknown} */ (sequencer));

/** @type {Readonly<Record<string, number>>} */
const SECONDS = {
  'lifecycle/crash-matrix': 200,
  'lifecycle/kills': 120,
  'demo/demo': 85,
  'client/cli/up/ending': 72,
  'activities/runner/left-behind': 67,
  'box/ordinary-user': 67,
  'package/packed': 48,
  'demo/gates': 40,
  'lifecycle/hostile': 40,
  'domain/sequences': 40,
  'demo/ordinary-user': 30,
  'lifecycle/canary': 30,
  'lifecycle/generations': 25,
  'lifecycle/moved-base': 25,
};
const TESTS = path.resolve(import.meta.dirname, '..');

export default class LongestFirst extends TestSequencer {
  /**
   * Milliseconds. Every file gets a duration, because Jest starts with the files that have none.
   * @override
   * @param {TestFile} test
   */
  time(test) {
    return super.time(test) ?? 1_000 * (SECONDS[nameOf(test)] ?? 1);
  }
}

/** @param {TestFile} test */
function nameOf({ path: file }) {
  return path.relative(TESTS, file).replace(/\.test\.ts$/, '');
}

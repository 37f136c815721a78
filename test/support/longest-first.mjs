/**
 * Jest's order of test files: the longest first, so that no worker is left with a long one at the end. A fresh clone has
 * no durations of its own; there the files come by what they took when this list was written (`npm test` prints the slowest).
 */
import path from 'node:path';
import TestSequencer from '@jest/test-sequencer';

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
const tests = path.resolve(import.meta.dirname, '..');

export default class LongestFirst extends TestSequencer {
  /** Milliseconds; every file has some, for Jest begins with files of which it knows none. */
  time(test) {
    return super.time(test) ?? 1_000 * (SECONDS[nameOf(test)] ?? 1);
  }
}

function nameOf({ path: file }) {
  return path.relative(tests, file).replace(/\.test\.ts$/, '');
}

/** The number of tests that ran, from the output of well-known runners. Skipped tests do not count. */
import { expect, test } from '@jest/globals';
import { TestCounter } from '../../../src/activities/runner/test-count.ts';

function countOf(output: string): number | undefined {
  const counter = new TestCounter();
  for (const line of output.split('\n')) counter.add(line);
  return counter.tests;
}

test.each([
  ['TAP', 5, 'TAP version 13\nok 1 - a\nnot ok 2 - b\nok 3 - c # SKIP later\nok 4\nok 5 - d\nok 6\n1..6'],
  [
    'node --test, TAP',
    4,
    'TAP version 13\n# Subtest: x\n    ok 1 - inner\nok 1 - x\n1..1\n# tests 5\n# suites 1\n# pass 3\n# fail 1\n# cancelled 0\n# skipped 1\n# todo 0',
  ],
  [
    'node --test, spec',
    3,
    '✔ a (1ms)\nℹ tests 4\nℹ suites 0\nℹ pass 2\nℹ fail 1\nℹ cancelled 0\nℹ skipped 1',
  ],
  ['tape', 4, 'ok 1 a\n\n1..4\n# tests 4\n# pass  3\n# fail  1'],
  [
    'Jest',
    11,
    'Test Suites: 1 failed, 2 passed, 3 total\nTests:       1 failed, 2 skipped, 10 passed, 13 total\nSnapshots:   0 total',
  ],
  ['Jest, coloured', 3, '\u001b[1mTests:       \u001b[22m\u001b[32m3 passed\u001b[39m, 3 total'],
  ['Vitest', 10, ' Test Files  2 passed (2)\n      Tests  1 failed | 9 passed | 2 skipped (12)'],
  ['Mocha', 8, '  7 passing (20ms)\n  2 pending\n  1 failing'],
  ['pytest', 5, '===== 1 failed, 3 passed, 2 skipped, 1 xfailed, 4 warnings in 0.12s ====='],
  ['pytest -q', 3, '...\n3 passed in 0.01s'],
  ['unittest', 4, 'Ran 5 tests in 0.001s\n\nOK (skipped=1)'],
  [
    'go test -v',
    3,
    '=== RUN   TestA\n--- PASS: TestA (0.00s)\n    --- FAIL: TestB/x\n--- FAIL: TestB\n--- SKIP: TestC',
  ],
  [
    'cargo test',
    6,
    'running 5 tests\ntest result: ok. 4 passed; 1 failed; 1 ignored; 0 measured; 9 filtered out; finished in 0.00s\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s',
  ],
  [
    'Maven',
    6,
    '[INFO] Tests run: 4, Failures: 0, Errors: 0, Skipped: 1, Time elapsed: 0.1 s -- in com.x.ATest\n[INFO] Results:\n[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 1',
  ],
  [
    'the JUnit console',
    5,
    '[         6 tests found           ]\n[         4 tests successful      ]\n[         1 tests failed          ]',
  ],
  ['PHPUnit', 5, 'OK (5 tests, 10 assertions)'],
  ['PHPUnit with failures', 4, 'FAILURES!\nTests: 5, Assertions: 10, Failures: 1, Skipped: 1.'],
  ['RSpec', 4, '5 examples, 1 failure, 1 pending'],
  ['Minitest', 4, '5 runs, 10 assertions, 0 failures, 0 errors, 1 skips'],
  ['two runners, one after the other', 5, 'Tests:       2 passed, 2 total\n  3 passing (1ms)'],
])('of %s: %d', (_runner, tests, output) => {
  expect(countOf(output)).toBe(tests);
});

test.each([
  ['nothing', ''],
  ['a build', 'compiled 12 files\nok'],
  ['go test without -v', 'ok  \texample.com/pkg\t0.012s'],
  ['a sentence about tests', 'the 5 tests passed today, in 3 places'],
])('of %s is unknown', (_what, output) => {
  expect(countOf(output)).toBeUndefined();
});

test('after too many lines the number is unknown, so that no output can keep the runner busy', () => {
  const counter = new TestCounter();
  counter.add('3 passed in 0.1s');
  for (let line = 0; line < 600_000; line++) counter.add('line 1');
  expect(counter.tests).toBeUndefined();
  expect(countOf(`${'noise\n'.repeat(600_000)}3 passed in 0.1s`)).toBe(3);
});

test('a long line costs no more than its first part', () => {
  const counter = new TestCounter();
  const line = `Tests: ${' 1 passed,'.repeat(1_000_000)}`;
  for (let round = 0; round < 1_000; round++) counter.add(line);
  expect(counter.tests).toBeUndefined();
});

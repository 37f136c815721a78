/** The exit code and the last line of `.ci/run`, with small programs in the place of both test runs. */
import { expect, test } from '@jest/globals';
import { testsAndStage } from '../../scripts/support/ci.mjs';

type Command = readonly [string, ...string[]];

const PASSED = '5 passed, 0 failed';
const MINUTE_MS = 60_000;

const program = (text: string): Command => [process.execPath, '-e', text];
const ended = (code: number, ...lines: readonly string[]): Command =>
  program(`console.log(${JSON.stringify(lines.join('\n'))}); process.exitCode = ${code}`);

type Runs = readonly [tests: Command, stage: Command];

async function ran([tests, stage]: Runs, limits = { limitMs: MINUTE_MS, endMs: MINUTE_MS }) {
  const written: string[] = [];
  const said: string[] = [];
  const code = await testsAndStage({
    tests,
    stage,
    ...limits,
    cwd: import.meta.dirname,
    write: text => written.push(text),
    say: text => said.push(text),
  });
  return { code, last: written.join('').trim().split('\n').at(-1), said };
}

test.each([
  ['both succeed', [ended(0, PASSED), ended(0, '2 passed, 0 failed')], [0, '7 passed, 0 failed']],
  ['this host cannot run the stage', [ended(0, PASSED), ended(3)], [0, PASSED]],
  ['the stage fails', [ended(0, PASSED), ended(1, '1 passed, 2 failed')], [1, '6 passed, 2 failed']],
  ['the stage breaks before it counts', [ended(0, PASSED), ended(1)], [1, '5 passed, 1 failed']],
  ['the tests fail: no stage', [ended(1, '4 passed, 1 failed'), ended(0, PASSED)], [1, '4 passed, 1 failed']],
  ['the tests count nothing: no stage', [ended(0, 'nothing'), ended(0, PASSED)], [0, 'nothing']],
] as const)('%s', async (_, runs, [code, last]) => {
  expect(await ran(runs)).toEqual({ code, last, said: [] });
});

const WAITS = 'setInterval(() => undefined, 1000);';

test.each([
  ['ends when it is asked to', WAITS, MINUTE_MS],
  ['is ended when it does not listen', `process.on('SIGTERM', () => undefined); ${WAITS}`, 1],
])('a stage that takes too long fails: it %s', async (_, text, endMs) => {
  expect(await ran([ended(0, PASSED), program(text)], { limitMs: 1, endMs })).toEqual({
    code: 1,
    last: '5 passed, 1 failed',
    said: ['test:compose took more than 0 minutes'],
  });
});

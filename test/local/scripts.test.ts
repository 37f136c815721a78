/** The scripts of a fresh clone: when they install and build, what an old Node gets, and the last line of `npm test`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../support/until.ts';
import { smallCheckout, type Checkout } from './checkout.ts';
import { isRunning, pidIn } from './support.ts';

const setup = ['scripts/setup.mjs'];
let checkout: Checkout;

describe('the setup', () => {
  beforeAll(async () => {
    checkout = await smallCheckout();
  }, 60_000);
  afterAll(() => checkout.remove());

  test('installs and builds a fresh clone once, even in two concurrent runs, and keeps stdout empty', async () => {
    const both = await Promise.all([checkout.run(setup), checkout.run(setup)]);
    expect(both.map(({ code, stdout }) => [code, stdout])).toEqual([
      [0, ''],
      [0, ''],
    ]);
    const stderr = both.map(one => one.stderr).join('');
    expect(stderr.match(/installing dependencies/g)).toHaveLength(1);
    expect(stderr).toContain('another process is preparing this checkout');
    expect(checkout.builds()).toBe(1);
    expect(existsSync(checkout.file('dist/src/text/help.md'))).toBe(true);
  }, 60_000);

  test('leaves a prepared checkout unchanged and prints nothing', async () => {
    const before = checkout.builds();
    expect(await checkout.run(setup)).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(checkout.builds()).toBe(before);
  });

  test('builds once and installs nothing after a source was changed, added or deleted', async () => {
    for (const change of [
      () => checkout.write('src/one.ts', '// changed'),
      () => checkout.write('src/two.ts', ''),
      () => rmSync(checkout.file('src/two.ts')),
    ]) {
      const before = checkout.builds();
      change();
      const { code, stderr } = await checkout.run(setup);
      expect([code, checkout.builds() - before, stderr.includes('installing')]).toEqual([0, 1, false]);
    }
    expect(existsSync(checkout.file('dist/src/two.js'))).toBe(false);
    expect(existsSync(checkout.file('dist/src/one.js'))).toBe(true);
  });

  test('repeats a build that failed or was interrupted', async () => {
    rmSync(checkout.file('dist/.stamp'));
    const before = checkout.builds();
    await checkout.run(setup);
    expect(checkout.builds()).toBe(before + 1);
  });

  test('takes over the lock of a setup that was killed', async () => {
    checkout.write('.signalbox/setup.lock', '999999999');
    checkout.write('src/one.ts', '// again');
    expect((await checkout.run(setup)).code).toBe(0);
    expect(existsSync(checkout.file('.signalbox/setup.lock'))).toBe(false);
  });

  test('installs missing packages', async () => {
    rmSync(checkout.file('node_modules'), { recursive: true });
    const { code, stderr } = await checkout.run(setup);
    expect([code, stderr.includes('installing')]).toEqual([0, true]);
  }, 60_000);
});

test('Ctrl-C during the installation also ends an npm that ignores SIGINT', async () => {
  checkout = await smallCheckout();
  checkout.write('npm.js', deafNpm);
  const child = spawn(process.execPath, setup, {
    ...{ cwd: checkout.path, stdio: 'ignore' },
    env: { ...process.env, npm_execpath: checkout.file('npm.js') },
  });
  try {
    const npm = await until('npm runs', () => pidIn(checkout.file('npm.pid')));
    expect(isRunning(npm)).toBe(true);
    child.kill('SIGINT');
    await expect(once(child, 'exit')).resolves.toEqual([null, 'SIGINT']);
    await until('npm is gone', () => !isRunning(npm) || undefined);
  } finally {
    child.kill('SIGKILL');
    checkout.remove();
  }
}, 60_000);

/** It exits on its own after a while, so that a failing test leaves no process. */
const deafNpm = `import { writeFileSync } from 'node:fs';
process.on('SIGINT', () => {});
writeFileSync('npm.pid', process.pid + '\\n');
setTimeout(() => {}, 30_000);`;

describe('a Node that is too old', () => {
  beforeAll(async () => {
    checkout = await smallCheckout();
    // Raise the required version instead of lowering the version of Node.
    checkout.setEngine('>=99.1.0');
  }, 60_000);
  afterAll(() => checkout.remove());

  test.each([['scripts/setup.mjs'], ['bin/signalbox.js']])(
    'is refused in one line by %s with exit code 2',
    async entry => {
      const { code, stdout, stderr } = await checkout.run([entry]);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(/^signalbox: Node [\d.]+ is too old: install Node 99\.1\.0 or newer [^\n]*\n$/);
      expect(existsSync(checkout.file('node_modules'))).toBe(false);
    },
  );

  test('positive control: a supported Node is accepted, and the program says that the build is missing', async () => {
    checkout.setEngine('>=20.5.0');
    const { code, stderr } = await checkout.run(['bin/signalbox.js']);
    expect([code, stderr]).toEqual([2, 'signalbox: this checkout is not built. Fix: run "npm run build".\n']);
  });
});

/** As Jest reports a test file that took so many seconds. */
const resultOf = (name: string, seconds: number): Readonly<Record<string, unknown>> => ({
  name: checkout.file(`test/${name}.test.ts`),
  startTime: 0,
  endTime: seconds * 1_000,
  assertionResults: [],
});

describe('npm test', () => {
  beforeAll(async () => {
    checkout = await smallCheckout();
    await checkout.run(setup);
  }, 60_000);
  afterAll(() => checkout.remove());
  beforeEach(() => checkout.setTools(0, { numPassedTests: 12 }));

  test('prints one line to stdout as its last line', async () => {
    const { code, stdout } = await checkout.run(['scripts/test.mjs']);
    expect([code, stdout]).toEqual([0, '12 passed, 0 failed\n']);
  });

  test('names each skipped test with its reason', async () => {
    const assertionResults = [
      { status: 'passed', fullName: 'what runs' },
      { status: 'pending', fullName: 'a container: there is no engine here' },
    ];
    const testResults = [{ ...resultOf('one', 1), assertionResults }];
    checkout.setTools(0, { numPassedTests: 12, testResults });
    const { code, stderr } = await checkout.run(['scripts/test.mjs']);
    expect([code, stderr.match(/skipped: .*/g)]).toEqual([
      0,
      ['skipped: a container: there is no engine here'],
    ]);
  });

  test('names the ten slowest files, slowest first', async () => {
    const testResults = Array.from({ length: 12 }, (_, at) => resultOf(`file-${at}`, at));
    checkout.setTools(0, { numPassedTests: 12, testResults });
    const { stdout, stderr } = await checkout.run(['scripts/test.mjs']);
    const named = [...stderr.matchAll(/^ +(\S+) s {2}test\/file-(\d+)\.test\.ts$/gm)].map(([, s, at]) => [
      s,
      at,
    ]);
    expect(named).toEqual(Array.from({ length: 10 }, (_, at) => [`${11 - at}.0`, String(11 - at)]));
    expect(stdout).toBe('12 passed, 0 failed\n');
  });

  test.each([
    [1, 0],
    [0, 1],
  ])(
    'test:only runs no check: the checks would exit with %d, and %d tests fail',
    async (checkCode, failed) => {
      checkout.setTools(checkCode, { numPassedTests: 1, numFailedTests: failed });
      const { code, stdout, stderr } = await checkout.run(['scripts/test-only.mjs', 'test/one.test.ts']);
      expect([code, stdout, stderr]).toEqual([failed, 'output of jest\n', '']);
    },
  );

  test.each([
    {
      what: 'a failed test',
      checkCode: 0,
      report: { numPassedTests: 11, numFailedTests: 1 },
      line: '11 passed, 1 failed\n',
    },
    {
      what: 'a file that cannot be loaded',
      checkCode: 0,
      report: { numPassedTests: 12, numRuntimeErrorTestSuites: 1 },
      line: '12 passed, 1 failed\n',
    },
    {
      what: 'failed checks',
      checkCode: 1,
      report: { numPassedTests: 12 },
      line: '12 passed, 4 failed\n',
    },
    {
      what: 'no executed test',
      checkCode: 0,
      report: { numPendingTests: 3 },
      line: '0 passed, 1 failed\n',
    },
  ])('fails with $what', async ({ checkCode, report, line }) => {
    checkout.setTools(checkCode, report);
    const { code, stdout } = await checkout.run(['scripts/test.mjs']);
    expect([code, stdout]).toEqual([1, line]);
  });

  test('prints its last line even when the setup fails', async () => {
    checkout.setEngine('>=99.0.0');
    const { code, stdout, stderr } = await checkout.run(['scripts/test.mjs']);
    expect([code, stdout]).toEqual([1, '0 passed, 1 failed\n']);
    expect(stderr).toContain('is too old');
  });
});

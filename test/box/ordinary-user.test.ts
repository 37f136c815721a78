/** The tests of the box once more, as an ordinary user without a home, a name or a right: the box then is made of less. */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../..', import.meta.url));
const UID = 60_877;
const TESTS = [
  ...['self-test', 'corpus', 'workspace', 'inherited-descriptors', 'memory-watch'],
  ...['unfit-hosts', 'agent-sandbox'],
];

/**
 * The checkout and Node may lie where nobody else can pass: both are shown elsewhere, in a mount namespace that ends with
 * the tests. Control groups stay out of reach, so their tests name themselves as skipped.
 */
const SCRIPT = `set -eu
mount --bind "$1" "$2/checkout"; mount --bind "$3" "$2/node"; cd "$2/checkout"; uid=$4; stage=$2; shift 4
export HOME="$stage/home" TMPDIR="$stage/tmp"
exec setpriv --reuid "$uid" --regid "$uid" --clear-groups --inh-caps=-all --bounding-set=-all -- "$stage/node" "$@"`;

const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot(
  'an ordinary user’s box holds too (needs root)',
  async () => {
    const stage = await mkdtemp(path.join(tmpdir(), 'box-ordinary-'));
    try {
      await prepare(stage);
      const jest = ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--runInBand', '--json'];
      const options = [`--cacheDirectory=${stage}/cache`, ...TESTS.map(name => `test/box/${name}`)];
      const words = [root, stage, process.execPath, String(UID), ...jest, ...options];
      const output = await run('unshare', ['--mount', '--', 'sh', '-c', SCRIPT, 'sh', ...words]);
      const { numFailedTests, numPassedTests, numRuntimeErrorTestSuites, testResults } = JSON.parse(
        output.slice(output.indexOf('{')),
      ) as Results;
      const messages = testResults.map(({ message }) => message).filter(message => message !== '');
      expect(messages).toEqual([]);
      expect({ numFailedTests, numRuntimeErrorTestSuites }).toEqual({
        numFailedTests: 0,
        numRuntimeErrorTestSuites: 0,
      });
      expect(numPassedTests).toBeGreaterThan(67);
    } finally {
      await rm(stage, { recursive: true, force: true });
    }
  },
  240_000,
);

interface Results {
  readonly numFailedTests: number;
  readonly numPassedTests: number;
  readonly numRuntimeErrorTestSuites: number;
  readonly testResults: readonly { readonly message: string }[];
}

async function prepare(stage: string): Promise<void> {
  await chmod(stage, 0o755);
  await writeFile(path.join(stage, 'node'), '');
  for (const dir of ['checkout', 'home', 'tmp', 'cache']) {
    await mkdir(path.join(stage, dir));
    await chown(path.join(stage, dir), UID, UID);
  }
}

async function run(file: string, args: readonly string[]): Promise<string> {
  return new Promise(resolve => {
    const env = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin' };
    execFile(file, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      resolve(
        stdout.includes('{')
          ? stdout
          : JSON.stringify({ testResults: [{ message: `${error?.message ?? ''}${stderr}` }] }),
      ),
    );
  });
}

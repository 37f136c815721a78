/** Hosts that let no box be made, as they really are: each is told what to change there. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from '@jest/globals';

import type { BoxTier } from '../../src/box/tier.ts';
import { tier } from './support/box.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = `import { detectTier } from './src/box/detect.ts';
process.stdout.write(JSON.stringify(await detectTier()));`;

/** What a runner finds on this host, had it these options of bubblewrap around it. */
async function foundBehind(...options: readonly string[]): Promise<BoxTier> {
  const host = ['--dev-bind', '/', '/', '--unshare-user', '--uid', '1000', '--gid', '1000', ...options];
  const node = [process.execPath, '--import', './test/support/typescript.mjs', '--input-type=module'];
  const { stdout } = await promisify(execFile)(
    tier.bubblewrapPath,
    [...host, '--', ...node, '--eval', SCRIPT],
    { cwd: root },
  );
  return JSON.parse(stdout) as BoxTier;
}

test('an ordinary user with nothing in the way has a box', async () => {
  expect(await foundBehind()).toMatchObject({ name: 'bubblewrap', privileged: false, problems: [] });
});

test.each([
  ['without user namespaces', ['--disable-userns'], /user\.max_user_namespaces/],
  ['in a container whose /proc is partly covered', ['--tmpfs', '/proc/fs'], /systempaths=unconfined/],
])('one %s has none', async (_, options, fix) => {
  const { name, problems } = await foundBehind(...options);
  expect({ name, fixes: problems.map(problem => problem.fix) }).toEqual({
    name: 'none',
    fixes: [expect.stringMatching(fix)],
  });
});

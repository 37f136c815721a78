/** Real hosts on which no box can start: the problem names the change that the host needs. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

import { expect, test } from '@jest/globals';

import type { BoxTier } from '../../src/box/tier.ts';
import { tier } from './support/box.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SCRIPT = `import { detectTier } from './src/box/detect.ts';
process.stdout.write(JSON.stringify(await detectTier()));`;

/** The tier that a runner finds inside a bubblewrap sandbox with these options. */
async function tierInside(...options: readonly string[]): Promise<BoxTier> {
  const host = ['--dev-bind', '/', '/', '--unshare-user', '--uid', '1000', '--gid', '1000', ...options];
  const node = [process.execPath, '--import', './test/support/typescript.mjs', '--input-type=module'];
  const { stdout } = await promisify(execFile)(
    tier.bubblewrapPath,
    [...host, '--', ...node, '--eval', SCRIPT],
    { cwd: root },
  );
  return JSON.parse(stdout) as BoxTier;
}

test('positive control: an ordinary user on a fit host has a box', async () => {
  expect(await tierInside()).toMatchObject({ name: 'bubblewrap', privileged: false, problems: [] });
});

test.each([
  ['without user namespaces', ['--disable-userns'], /user\.max_user_namespaces/],
  ['in a container with a masked /proc', ['--tmpfs', '/proc/fs'], /systempaths=unconfined/],
])('a runner %s has no box, and the fix says what to change', async (_, options, fix) => {
  const { name, problems } = await tierInside(...options);
  expect({ name, fixes: problems.map(problem => problem.fix) }).toEqual({
    name: 'none',
    fixes: [expect.stringMatching(fix)],
  });
});

/** The stack comes up with both profiles, and the demo goes to a verified release without anybody. */
import { expect, test } from '@jest/globals';
import { hostCli, ISSUE } from './support/cli.ts';
import { personOf } from './support/person.ts';
import { compose } from './support/stack.ts';

const BOTH = ['--profile', 'default', '--profile', 'demo'];

test('both profiles come up, and the issue of the demo is verified', async () => {
  await compose(...BOTH, 'build');
  const startedAt = Date.now();
  // The people of the demo are healthy once the release is verified.
  await compose('--profile', 'demo', 'up', '--wait', '--no-build');
  process.stderr.write(
    `the issue of the demo is verified after ${Math.round((Date.now() - startedAt) / 1000)} s\n`,
  );
  const cli = await hostCli();
  expect(await cli.view()).toMatchObject({ stage: 'release-verified' });
  expect(await personOf(cli).counts()).toEqual({
    branches: 1,
    pullRequests: 1,
    merges: 1,
    statusComments: 1,
  });
  await compose(...BOTH, 'up', '--wait', '--no-build');
});

/** By command: what it prints of an issue that is verified. */
const ANSWERS: readonly (readonly [string, RegExp])[] = [
  ['list --all', /acme\/profile-card#1/],
  [`show ${ISSUE}`, /release-verified/],
  [`explain ${ISSUE}`, /release-verified/],
  [`watch ${ISSUE}`, /release-verified/],
  [`evidence ${ISSUE}`, /./],
  [`evidence ${ISSUE} --diff`, /^diff --git /m],
  [`audit ${ISSUE} --verify`, /./],
  [`logs ${ISSUE}`, /./],
  ['scan acme/profile-card', /./],
  ['doctor acme/profile-card', /policy: /],
];

test.each(ANSWERS)('the CLI on the host answers: %s', async (command, printed) => {
  const { code, stdout, stderr } = await (await hostCli()).run(...command.split(' '));
  // What it printed says why it failed.
  expect(code === 0 ? '' : `exit ${code}\n${stdout}\n${stderr}`).toBe('');
  expect(stdout).toMatch(printed);
});

test('the CLI on the host answers: reconcile, which tells a person that no issue is open', async () => {
  expect(await (await hostCli()).run('reconcile', 'acme/profile-card')).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('0 open issues reconciled'),
  });
});

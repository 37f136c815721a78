/** `adopt` at the command line: shows the commits, has the person confirm exactly their head, and refuses any other. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { pokeIssue } from '../../../src/client/temporal/issues.ts';
import type { ForeignHead } from '../../../src/domain/foreign-head.ts';
import { until } from '../../support/until.ts';
import { expectOneLine, jsonOf } from './support/cli.ts';
import { type CliStage, openCliStage } from './support/scene.ts';

let stage: CliStage;
let stop: () => Promise<void>;
beforeAll(async () => {
  stage = await openCliStage(1);
  stop = await stage.startWorkers();
}, 120_000);
afterAll(async () => {
  await stop();
  await stage.end();
});

const ONE = 'Acme/profile#1';
const HEAD = 'f0'.repeat(20);
const SHORT = HEAD.slice(0, 12);
const FOREIGN: ForeignHead = {
  ...{ head: HEAD, total: 1, isOnOurs: true },
  commits: [{ id: HEAD, by: 'ben\u001b[2J', isSigned: false }],
  authors: [{ name: 'Ben', email: 'ben@example.com' }],
};

async function leftByOthers(foreign: ForeignHead): Promise<void> {
  const script = stage.world.scripts.of(1);
  script.pullRequest = { head: foreign.head, foreign };
  // From our push on, GitHub shows our commit again.
  script.before = activity => {
    if (activity === 'pushCommit') delete script.pullRequest;
  };
  await pokeIssue(stage.temporal, { owner: 'Acme', repo: 'profile', number: 1 }, ['pull-request']);
  await until(
    'its commits are shown',
    async () => (await stage.viewOf(ONE))?.foreign?.head === foreign.head || undefined,
  );
}

test('without commits of others there is nothing to adopt', async () => {
  await stage.ask(['start', ONE]);
  await stage.ask(['approve', ONE, '--digest', await stage.digestAt(ONE, 'start')]);
  await stage.atGate(ONE, 'merge');
  const ran = await stage.ask(['adopt', ONE, '--yes']);
  expect(ran.code).not.toBe(0);
  expectOneLine(ran, /has no commits by others on its branch/);
});

test('a replaced branch is refused before anything is sent', async () => {
  await leftByOthers({ ...FOREIGN, head: 'f2'.repeat(20), isOnOurs: false });
  const ran = await stage.ask(['adopt', ONE, '--yes']);
  expect(ran.code).not.toBe(0);
  expectOneLine(ran, /cannot be adopted: the branch was replaced/);
});

test('another head, and no confirmation without a terminal, are refused', async () => {
  await leftByOthers(FOREIGN);
  const other = await stage.ask(['adopt', ONE, '--head', 'abcdef012345']);
  expectOneLine(other, new RegExp(`the head of the branch is ${SHORT}, not abcdef012345`));
  const unasked = await stage.ask(['adopt', ONE]);
  expect(unasked.code).toBe(2);
  expect(unasked.stderr).toContain(`add --head ${SHORT}`);
  expect(unasked.stderr).toContain('without a verified signature');
  expect(unasked.stderr).not.toContain('\u001b');
  expect((await stage.ask(['adopt', ONE, '--head', 'abc'])).code).toBe(2);
});

test('the named head is adopted, and the merge is asked for again', async () => {
  expect((await stage.ask(['retry', ONE])).stderr).toContain(`/adopt ${SHORT}`);
  const taken = await stage.ask(['adopt', ONE, '--head', SHORT, '--json']);
  expect(jsonOf(taken)).toMatchObject({
    ...{ issue: ONE, via: 'temporal', decision: { kind: 'adopt', head: SHORT } },
    taken: '/adopt by alice',
  });
  await until('adopted', async () => ((await stage.viewOf(ONE))?.runs === 2 ? true : undefined));
  expect(await stage.atGate(ONE, 'merge')).not.toHaveProperty('foreign');
  expect(stage.world.scripts.of(1).inputs['pushCommit']?.at(-1)).toMatchObject({
    effect: { expected: HEAD },
  });
});

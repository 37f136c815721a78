/** Checking the release after a merge: the change must still be there, not only the merge commit. */
import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { CheckReleaseInput } from '../../../src/contracts/activities.ts';
import { putCanonical } from '../../../src/activities/stored.ts';
import { omit } from '../../../src/domain/omit.ts';
import { factOf } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const PATH = 'src/deal.js';
const BEFORE = 'a\nb\nc\n';
const AFTER = 'a\nB\nc\n';
const commit = async (branch: string, text: string | null, parent?: string): Promise<string> =>
  await stage.person('acme').pushCommit({
    ...{ branch, message: text ?? 'gone', files: { [PATH]: text } },
    ...(parent === undefined ? {} : { parent }),
  });

/** A branch of its own stands for the default branch. */
let number = 0;
let branch: string;
let change: string;
beforeEach(async () => {
  branch = `line-${++number}`;
  const base = await commit(branch, `${BEFORE}${number}\n`, stage.repository.head);
  change = await commit(branch, `${AFTER}${number}\n`, base);
  stage.simulator.requests.reset();
});

const check = async (more: Partial<CheckReleaseInput> = {}) => {
  const effect = { kind: 'check-release' as const, merge: change, into: branch };
  const input = { context: stage.context(1), effect, change, ...more };
  return (await factOf(stage.activities.checkRelease, input)).release;
};
/** To the API, and by git. */
const requests = (): readonly [number, number] => {
  const { entries } = stage.simulator.requests;
  const git = entries.filter(({ path }) => path.includes('.git/')).length;
  return [entries.length - git, git];
};
const revert = async (): Promise<string> => await commit(branch, `${BEFORE}${number}\n`);
const deploy = async (sha: string) =>
  await stage.person('acme').deploy({ environment: 'production', sha, state: 'success' });

describe('on the default branch', () => {
  test('a change that is the head costs nothing more; one that a person merged is looked at', async () => {
    expect(await check()).not.toHaveProperty('missing');
    const [api, git] = requests();
    expect(git).toBe(0);
    expect(await check({ byPerson: true })).not.toHaveProperty('missing');
    expect(requests()[0]).toBe(2 * api);
    expect(requests()[1]).toBeGreaterThan(0);
  });

  test('a revert is found, at the cost of a fetch by git and no request', async () => {
    await check();
    const [plain] = requests();
    const at = await revert();
    stage.simulator.requests.reset();
    const { onDefaultBranch, missing } = await check();
    expect({ onDefaultBranch, missing }).toEqual({
      onDefaultBranch: true,
      missing: [{ where: 'default-branch', commit: at, how: 'gone', paths: [PATH], pathsInAll: 1 }],
    });
    const [api, git] = requests();
    expect(api).toBe(plain);
    expect(git).toBeLessThanOrEqual(4);
  });

  test('a revert that was reverted, and work of others, are no loss', async () => {
    await revert();
    await commit(branch, `${AFTER}${number}\n`);
    expect(await check()).not.toHaveProperty('missing');
    await commit(branch, `first\n${AFTER}${number}\n`);
    expect(await check()).not.toHaveProperty('missing');
  });

  test('lines that were changed again are unclear', async () => {
    await commit(branch, `a\nbb\nc\n${number}\n`);
    expect(await check()).toMatchObject({ missing: [{ how: 'unclear', paths: [PATH] }] });
  });

  test('a change that GitHub no longer has is unclear', async () => {
    await commit(branch, `${AFTER}${number}\nmore\n`);
    expect(await check({ change: 'f'.repeat(40) })).toMatchObject({
      missing: [{ how: 'unclear', paths: [] }],
    });
  });

  test('agents without a history do not keep the scheduler from comparing', async () => {
    const workspace = { ...stage.policy.workspace, history: 'shallow' };
    const policy = await putCanonical(stage.artifacts, { ...omit(stage.policy, 'digest'), workspace });
    const shallow = { context: { ...stage.context(1), policy } };
    await commit(branch, `first\n${AFTER}${number}\n`);
    expect(await check(shallow)).not.toHaveProperty('missing');
    await revert();
    expect(await check(shallow)).toMatchObject({ missing: [{ how: 'gone', paths: [PATH] }] });
    expect(await readdir(stage.mirrorsDir)).toContain(`${stage.repository.id}-shallow.git`);
  });

  test('older requests ask for ancestry alone', async () => {
    await revert();
    const effect = { kind: 'check-release' as const, merge: change, into: branch };
    const { release } = await factOf(stage.activities.checkRelease, { context: stage.context(1), effect });
    expect(release).not.toHaveProperty('missing');
  });
});

describe('what is deployed', () => {
  test('may contain the merge and not the change', async () => {
    const at = await revert();
    await deploy(at);
    expect(await check()).toMatchObject({
      deployment: { state: 'success', containsMerge: true },
      missing: [{ where: 'default-branch' }, { where: 'deployment', commit: at, how: 'gone' }],
    });
    // Control: the commit before the revert has the change.
    await deploy(change);
    const { missing = [] } = await check();
    expect(missing.map(({ where }) => where)).toEqual(['default-branch']);
  });
});

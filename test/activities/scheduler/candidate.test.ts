/** What a merge would make of our head and a moved target branch, and what a merge made, on real repositories. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { putCanonical } from '../../../src/activities/stored.ts';
import { omit } from '../../../src/domain/omit.ts';
import { repositoryName } from '../../support/github.ts';
import { buildOnce, type BuiltChange } from '../support/changes.ts';
import { factOf, perform } from '../support/perform.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';

let stage: SchedulerStage;
let built: BuiltChange;
/** Our commit, as it is on GitHub. */
let head: string;
beforeAll(async () => {
  stage = await stageScheduler();
  built = await buildOnce(stage, { 'src/card.js': 'export const card = 2;\n' });
  const effect = { kind: 'push-commit' as const, ...built.plan, branch: 'ai/issue-1-one' };
  await stage.person('line-bot').moveBranch(effect.branch, stage.repository.head);
  head = built.change.commit;
  const push = { ...effect, commit: head, expected: stage.repository.head };
  await factOf(stage.activities.pushCommit, { context: stage.context(1), effect: push });
});
afterAll(() => stage.end());

let branches = 0;
/** A branch of its own stands for the target branch after others pushed to it. */
const moved = async (files: Readonly<Record<string, string | null>>, message = 'Meanwhile') =>
  await stage.person('acme').pushCommit({
    ...{ branch: `target-${++branches}`, message, files, parent: stage.repository.head },
  });
const git = (...args: readonly string[]): string => {
  const { dir } = stage.simulator.admin.repositories.get(repositoryName);
  return execFileSync('git', ['--git-dir', dir, ...args], { encoding: 'utf8' }).trim();
};
const effectFor = (base: string) => ({
  kind: 'build-candidate' as const,
  ...{ runId: 'run-1', base, head, from: stage.repository.head },
});
const candidate = async (base: string, context = stage.context(1)) =>
  await factOf(stage.activities.buildCandidate, { context, effect: effectFor(base) });

describe('a candidate', () => {
  test('has the tree of the merge on GitHub, the same patch, and costs no request', async () => {
    const base = await moved({ 'src/other.js': 'other\n' });
    stage.simulator.requests.reset();
    const fact = await candidate(base);
    expect(stage.simulator.requests.entries.filter(({ path }) => !path.includes('.git/'))).toEqual([]);
    expect(stage.simulator.requests.count({ path: 'git-receive-pack' })).toBe(0);
    const tree = git('merge-tree', '--write-tree', base, head);
    const baseTree = git('rev-parse', `${base}^{tree}`);
    expect(fact).toEqual({ type: 'candidate-built', base, head, tree, baseTree, patch: built.change.patch });
    expect(built.change.patch).toMatch(/^[0-9a-f]{40}$/);
    expect(await candidate(base)).toEqual(fact);
  });

  test('is the same where the host keeps no history', async () => {
    const base = await moved({ 'src/other.js': 'once more\n' });
    const policy = await putCanonical(stage.artifacts, {
      ...omit(stage.policy, 'digest'),
      workspace: { keepOnFailure: false, history: 'shallow' as const },
    });
    expect(await candidate(base, { ...stage.context(1), policy })).toEqual(await candidate(base));
  });

  test('that git cannot make names the files and the commits, whose words mention and close nothing', async () => {
    const base = await moved(
      { 'src/card.js': 'export const card = 9;\n' },
      'For @alice, fixes #1\n\nAnd more',
    );
    expect(await candidate(base)).toEqual({
      ...{ type: 'merge-conflict', runId: 'run-1', base, paths: ['src/card.js'] },
      commits: [expect.stringMatching(`^${base.slice(0, 12)} For `)],
    });
    const fact = await candidate(base);
    expect(JSON.stringify(fact)).not.toMatch(/(^|\s)@alice|fixes #1|And more/);
  });

  test('waits for a commit that GitHub does not serve yet', async () => {
    const input = { context: stage.context(1), effect: effectFor('c'.repeat(40)) };
    const { repeated } = await perform(stage.activities.buildCandidate, input, { attemptsMax: 2 });
    expect(repeated[0]).toMatchObject({ failure: 'Git:absent' });
  });
});

describe('what a merge made', () => {
  test('is read by git: its tree and its first parent', async () => {
    const base = await moved({ 'src/other.js': 'merged\n' });
    const tree = git('merge-tree', '--write-tree', base, head);
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b'];
    const merge = git(...identity, 'commit-tree', tree, '-p', base, '-p', head, '-m', 'm');
    git('update-ref', `refs/heads/target-${branches}`, merge);
    const effect = { kind: 'read-arrival' as const, merge };
    expect(await factOf(stage.activities.readArrival, { context: stage.context(1), effect })).toEqual({
      type: 'arrived',
      arrival: { commit: merge, tree, base },
    });
  });
});

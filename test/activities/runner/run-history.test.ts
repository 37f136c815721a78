/** What an agent sees of the repository's past, and of files behind a git filter. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { AgentTask } from '../../../src/contracts/agent-task.ts';
import { withFreshWorkspace } from '../../../src/activities/runner/fresh-workspace.ts';
import type { Digest } from '../../../src/domain/digest.ts';
import { GitError } from '../../../src/git/git-error.ts';
import type { RunEnd } from '../../../src/domain/state/work.ts';
import { aReport } from '../../agents/support/task.ts';
import { factOf, perform } from '../support/perform.ts';
import { type RunChange, stageRunner, type RunnerStage } from '../support/runner.ts';

let stage: RunnerStage;
beforeAll(async () => void (stage = await stageRunner()));
afterAll(() => stage.end());

const report = `echo '${JSON.stringify(aReport({ outcome: 'no-change' }))}'`;
const endOf = async (change: RunChange): Promise<RunEnd> =>
  (await factOf(stage.activities.runAgent, await stage.runInput(change))).end;
const textOf = async (digest: Digest | undefined) =>
  digest === undefined ? '' : Buffer.from(await stage.ports.artifacts.get(digest, 1_000_000)).toString();

test('a run sees the history of the base, or with a shallow one the base alone, and is told so', async () => {
  const files = { '.gitattributes': '*.psd filter=lfs\n' };
  await stage.scheduler.person('acme').pushCommit({ branch: 'main', message: 'lfs', files });
  const base = await stage.scheduler.person('acme').tip('main');
  const seen = async (policy?: Digest) => {
    await stage.agent(`cat >&2; git rev-list --count HEAD >&2; ${report}`);
    const end = await endOf({ ...(policy === undefined ? {} : { policy }), ...(base ? { base } : {}) });
    const [task = '', count] = (await textOf(end.transcript)).split('\n').map(line => line.slice(2));
    const prompt = await textOf(end.prompt);
    const { history, filteredFiles } = JSON.parse(task) as AgentTask;
    return {
      history,
      filteredFiles,
      commits: Number(count),
      isTold: prompt.includes('history before it is not'),
    };
  };
  const filteredFiles = ['*.psd (lfs)'];
  const shallow = await stage.policyWith({ workspace: { keepOnFailure: false, history: 'shallow' } });
  expect(await seen(shallow)).toEqual({ history: 'shallow', filteredFiles, commits: 1, isTold: true });
  const { commits, ...complete } = await seen();
  expect(complete).toEqual({ filteredFiles, isTold: false });
  expect(commits).toBeGreaterThan(1);
});

test('a run does not start when the history is too large, and says which field of the policy decides', async () => {
  const policy = await stage.policyWith({ workspace: { keepOnFailure: false, historyBytesMax: 1 } });
  const { ended } = await perform(stage.activities.runAgent, await stage.runInput({ policy }));
  expect(ended).toMatchObject({
    failure: 'HistoryTooLarge',
    message: expect.stringMatching(/ more than 1 bytes\. Fix: set workspace\.history to shallow/),
  });
});

test.each([
  ['git', new GitError('no-space', 'git pack-objects failed')],
  ['Node', Object.assign(new Error('write'), { code: 'ENOSPC' })],
])('files that do not fit into a workspace are named with the limits, as found by %s', async (_, error) => {
  const fill = () => Promise.reject(error);
  const filling = withFreshWorkspace(stage.ports, { name: 'too-small', fill }, () => Promise.resolve());
  await expect(filling).rejects.toMatchObject({
    failure: 'RunnerFailed',
    message: expect.stringMatching(
      /do not fit into a workspace: it can have 2147483648 bytes and 200000 files/,
    ),
  });
});

test('another failure to fill a workspace stays what it is', async () => {
  const error = new GitError('failed', 'git read-tree failed');
  const fill = () => Promise.reject(error);
  const filling = withFreshWorkspace(stage.ports, { name: 'broken', fill }, () => Promise.resolve());
  await expect(filling).rejects.toBe(error);
});

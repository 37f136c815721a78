/** Reading the policy: together with its commit, and with a name for each way in which it can be missing or invalid. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import { schedulerActivities } from '../../../src/activities/scheduler.ts';
import { COMMIT_IDENTITY } from '../../../src/domain/commit-identity.ts';
import { json, type Respond, withServer } from '../../github/tiny-server.ts';
import { perform } from '../support/perform.ts';
import { limitedToken, policyText, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

const path = '.github/signalbox.yml';
let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const effect = { kind: 'read-policy', because: 'test' } as const;
const firstContext = () => ({ issue: stage.context(1).issue, generation: 1 });
const read = async (context = firstContext()) =>
  (await perform(stage.activities.readPolicy, { context, effect })).ended;
const push = async (files: Readonly<Record<string, string | null>>) =>
  await stage.person('acme').pushCommit({ branch: 'main', message: 'change', files });
const policyRequests = () =>
  stage.simulator.requests.count({ path: '/repos/{owner}/{repo}/contents/{path}', user: 'line-bot' });

const lasting = () => ({ remains: async () => undefined });
testFaults({
  effect: 'read-policy, the first time',
  stage: () => stage,
  arrange: async () => ({
    perform: () => perform(stage.activities.readPolicy, { context: firstContext(), effect }),
    ...lasting(),
  }),
  answers: {
    '404 GET /repos/{owner}/{repo}/branches/{branch}': { failure: 'PolicyMissing' },
    '404 GET /repos/{owner}/{repo}/contents/{path}': { failure: 'PolicyMissing' },
  },
});
testFaults({
  effect: 'read-policy, again',
  stage: () => stage,
  arrange: async () => ({
    perform: () => perform(stage.activities.readPolicy, { context: stage.context(1), effect }),
    ...lasting(),
  }),
  // A branch that cannot be read only causes the policy to be read again.
  answers: { '404 GET /repos/{owner}/{repo}/branches/{branch}': { fact: { type: 'policy-read' } } },
});

describe('reading the policy', () => {
  test('returns policy and head of one commit, and reads no file while the branch is unchanged', async () => {
    const fact = { type: 'policy-read', policy: stage.policy, repository: stage.repository, calling: {} };
    const before = policyRequests();
    expect(await read(stage.context(1))).toEqual({ fact });
    expect(policyRequests()).toBe(before);
    const head = await push({ 'notes.md': 'more\n' });
    const moved = { ...fact, repository: { ...stage.repository, head }, ownLogin: 'line-bot' };
    expect(await read(stage.context(1))).toEqual({ fact: moved });
    expect(policyRequests()).toBe(before + 1);
  });

  test('keeps the digest when only comments in the file change, and changes it with a value', async () => {
    await push({ [path]: `# a remark\n${policyText}` });
    expect(await read()).toMatchObject({ fact: { policy: { digest: stage.policy.digest } } });
    await push({ [path]: policyText.replace('by: scheduler', 'by: person') });
    expect(await read()).toMatchObject({
      fact: { policy: { digest: expect.not.stringContaining(stage.policy.digest), merge: { by: 'person' } } },
    });
  });

  test('names the invalid field or line', async () => {
    await push({ [path]: `${policyText}mood: good\n` });
    expect(await read()).toMatchObject({
      failure: 'PolicyInvalid',
      message: expect.stringMatching(/signalbox\.yml on main: .*mood/),
    });
    await push({ [path]: 'version: [\n' });
    expect(await read()).toMatchObject({
      failure: 'PolicyInvalid',
      message: expect.stringContaining('line'),
    });
  });

  test('is PolicyMissing when the file does not exist', async () => {
    await push({ [path]: null });
    expect(await read()).toMatchObject({ failure: 'PolicyMissing' });
  });

  test('fails permanently when a folder has the name of the policy file', async () => {
    await push({ [`${path}/inner.txt`]: 'x\n' });
    const ended = await read();
    await push({ [`${path}/inner.txt`]: null, [path]: policyText });
    expect(ended).toMatchObject({ failure: 'GitHubInvalid', message: expect.stringContaining(path) });
    expect(await read()).toMatchObject({ fact: { type: 'policy-read' } });
  });

  test('names the permission that the token lacks', async () => {
    const { readPolicy } = stage.withToken(limitedToken(stage, { issues: 'write' }));
    const { ended } = await perform(readPolicy, { context: firstContext(), effect });
    expect(ended).toMatchObject({
      failure: 'GitHubForbidden',
      message: expect.stringContaining('contents=read'),
    });
  });

  test('is GitHubMoved when the repository was renamed', async () => {
    const { repositories } = stage.simulator.admin;
    repositories.rename('acme/cards', 'playing-cards');
    expect(await read()).toMatchObject({ failure: 'GitHubMoved' });
    expect(await read(stage.context(1))).toMatchObject({ failure: 'GitHubMoved' });
    repositories.rename('acme/playing-cards', 'cards');
    expect(await read()).toMatchObject({ fact: { type: 'policy-read' } });
  });
});

test('a repository with SHA-256 object names is named as unsupported, before anything of it is fetched', async () => {
  const { owner, repo } = firstContext().issue;
  const there = {
    ...{ id: 1, name: repo, owner: { login: owner }, default_branch: 'main', private: false },
    ...{ clone_url: 'https://example.org/a.git', html_url: 'https://example.org/a' },
  };
  const head = { commit: { sha: 'a'.repeat(64) } };
  const respond: Respond = ({ url }, response) =>
    json(response, 200, url.includes('/branches/') ? head : there);
  await withServer(respond, async ({ github }) => {
    const { artifacts, mirrorsDir } = stage;
    const ports = {
      github,
      ownLogin: async () => 'bot',
      artifacts,
      mirrorsDir,
      logger: pino({ enabled: false }),
      fetch,
      gitAccess: () => ({}),
      commitMaker: { identity: COMMIT_IDENTITY },
    };
    const { ended } = await perform(schedulerActivities(ports).readPolicy, {
      context: firstContext(),
      effect,
    });
    expect(ended).toEqual({
      failure: 'RepositoryUnsupported',
      message: `the object names of ${owner}/${repo} are not SHA-1`,
    });
  });
});

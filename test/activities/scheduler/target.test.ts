/** Effects of an issue whose change goes to another branch than the default branch. */
import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EffectContext } from '../../../src/contracts/activities.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import { omit } from '../../../src/domain/omit.ts';
import { repositoryName } from '../../support/github.ts';
import { planOf } from '../support/changes.ts';
import { factOf, perform } from '../support/perform.ts';
import { branchOf, newIssue } from '../support/scenes.ts';
import { policyText, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

const TARGET = 'release/2026,q3(開発)';
const path = '.github/signalbox.yml';
const ownPolicy = `version: 1
decisions: { role: read }
merge: { by: person }
setup: { commands: [{ name: install, run: make deps }], inputs: [Makefile], network: [evil.example] }
verification: { commands: [{ name: old tests, run: make test }] }
`;

let stage: SchedulerStage;
/** The head of the target branch, which the default branch does not contain. */
let head: string;
beforeAll(async () => {
  stage = await stageScheduler({ policy: `${policyText}target: { byLabel: { q3: '${TARGET}' } }\n` });
  head = await push({ 'CHANGES.md': 'old\n' });
});
afterAll(() => stage.end());

const push = async (files: Readonly<Record<string, string | null>>, branch = TARGET): Promise<string> =>
  await stage.person('acme').pushCommit({ branch, message: 'old', files });
const forTarget = (issue = 1, more: Partial<EffectContext['repository']> = {}): EffectContext => ({
  ...stage.context(issue),
  repository: { ...stage.repository, target: { branch: TARGET, head }, ...more },
});
const effect = { kind: 'read-policy', because: 'test', target: TARGET } as const;
const read = async (context: EffectContext = stage.context(1), target: string | null = TARGET) =>
  await factOf(stage.activities.readPolicy, {
    context,
    effect: { ...omit(effect, 'target'), ...(target === null ? {} : { target }) },
  });
const requests = () => stage.simulator.requests.count({ user: 'line-bot' });

testFaults({
  effect: 'read-policy, with a target branch',
  stage: () => stage,
  arrange: async () => ({
    perform: () => perform(stage.activities.readPolicy, { context: stage.context(1), effect }),
    remains: async () => undefined,
  }),
  // A branch that cannot be read counts as missing, and is looked for again.
  answers: { '404 GET /repos/{owner}/{repo}/branches/{branch}': { fact: { type: 'policy-read' } } },
});

describe('the policy', () => {
  test('is that of the default branch, with the head of the target branch, for two requests', async () => {
    const before = requests();
    const { policy, repository } = await read();
    expect(requests() - before).toBe(2);
    expect(policy).toEqual(stage.policy);
    expect(repository).toEqual({ ...stage.repository, target: { branch: TARGET, head } });
  });

  test('is read without the target branch again when it is not asked for', async () => {
    expect(await read(forTarget(), null)).toMatchObject({ repository: stage.repository });
    expect((await read(forTarget(), null)).repository).not.toHaveProperty('target');
  });

  test('says when the branch is missing, and keeps the head that was seen', async () => {
    const missing = { branch: 'stable/v9', isMissing: true };
    expect((await read(stage.context(1), 'stable/v9')).repository.target).toEqual(missing);
    const seen = forTarget(1, { target: { branch: 'stable/v9', head } });
    expect((await read(seen, 'stable/v9')).repository.target).toEqual({ ...missing, head });
    // The head of another branch is not the head of this one.
    expect((await read(forTarget(), 'stable/v9')).repository.target).toEqual(missing);
  });

  test('ignores the file on the target branch, as long as the default branch does not allow it', async () => {
    const moved = await push({ [path]: ownPolicy });
    const { policy, repository } = await read(forTarget());
    expect(policy).toEqual(stage.policy);
    expect(repository.target?.head).toBe(moved);
    head = moved;
  });
});

describe('the policy of a repository that lets the target branch name its commands', () => {
  let own: SchedulerStage;
  beforeAll(async () => {
    own = await stageScheduler({ policy: `${policyText}target: { branch: stable, policy: branch }\n` });
  });
  afterAll(() => own.end());

  const pushOwn = async (text: string | null) =>
    await own.person('acme').pushCommit({ branch: 'stable', message: 'p', files: { [path]: text } });
  const readOwn = async (context = own.context(1)) =>
    await perform(own.activities.readPolicy, { context, effect: { ...effect, target: 'stable' } });

  test('takes what is run from there, and nothing that may be done', async () => {
    const at = await pushOwn(ownPolicy);
    const { ended } = await readOwn();
    if (!('fact' in ended)) throw new Error(JSON.stringify(ended));
    const { policy, repository } = ended.fact;
    expect(repository.target).toEqual({ branch: 'stable', head: at });
    expect(policy.verification.commands).toEqual([{ name: 'old tests', run: 'make test' }]);
    expect(policy.setUp).toMatchObject({ commands: [{ name: 'install', run: 'make deps' }], network: [] });
    expect(policy).toMatchObject({ decisions: { roleMin: 'write' }, merge: { by: 'scheduler' } });
    expect(policy.digest).toBe(digestOf(omit(policy, 'digest')));
    expect(policy.digest).not.toBe(own.policy.digest);
    await expect(own.artifacts.get(policy.digest, 100_000)).resolves.toBeDefined();

    // Known so far are the commands of the target branch: those of the default branch are read anew.
    const context = { ...own.context(1), policy: policy.digest, repository };
    const back = await factOf(own.activities.readPolicy, { context, effect: omit(effect, 'target') });
    expect(back.policy).toEqual(own.policy);
    const count = () => own.simulator.requests.count({ user: 'line-bot' });
    const before = count();
    expect((await readOwn(context)).ended).toEqual({
      fact: { type: 'policy-read', policy, repository, calling: {} },
    });
    expect(count() - before).toBe(2);

    // The commands are those at the head that is the base.
    await pushOwn(ownPolicy.replace('make test', 'make check'));
    expect((await readOwn(context)).ended).toMatchObject({
      fact: { policy: { verification: { commands: [{ run: 'make check' }] } } },
    });
  });

  test('takes all from the default branch if the target branch has no file', async () => {
    await pushOwn(null);
    expect((await readOwn()).ended).toMatchObject({ fact: { policy: { digest: own.policy.digest } } });
  });

  test('names the branch whose file is not valid', async () => {
    await pushOwn('version: 1\nmood: good\n');
    expect((await readOwn()).ended).toMatchObject({
      failure: 'PolicyInvalid',
      message: expect.stringMatching(/signalbox\.yml on stable: .*mood/),
    });
  });
});

describe('a look', () => {
  const look = async (context: EffectContext, facets: readonly ('branch' | 'issue')[]) =>
    await factOf(stage.activities.look, { context, facets, commentsReadTo: 0, reviewsSeen: 0 });

  test('looks for a target branch only while it is missing', async () => {
    const isMissing = true;
    const lost = forTarget(1, { target: { branch: 'stable/v9', isMissing } });
    expect(await look(lost, ['branch'])).toEqual({
      facets: ['branch'],
      target: { branch: 'stable/v9', head: null },
    });
    const there = forTarget(1, { target: { branch: TARGET, isMissing } });
    expect(await look(there, ['branch'])).toMatchObject({ target: { branch: TARGET, head } });
    const before = requests();
    expect(await look(forTarget(), ['branch'])).toEqual({ facets: ['branch'] });
    expect(requests()).toBe(before);
  });

  test('reads the milestone of the issue, and nothing if it has none', async () => {
    const issue = newIssue(stage);
    expect((await look(stage.context(issue), ['issue'])).issue).not.toHaveProperty('milestone');
    stage.person('alice').milestone(issue, '2.4');
    expect(await look(stage.context(issue), ['issue'])).toMatchObject({ issue: { milestone: '2.4' } });
  });
});

describe('the change', () => {
  test('is claimed, built and proposed on the target branch', async () => {
    const issue = newIssue(stage);
    const branch = branchOf(issue);
    const context = forTarget(issue);
    const claim = { kind: 'claim-branch', branch, base: head, into: TARGET } as const;
    expect(await factOf(stage.activities.claimBranch, { context, effect: claim })).toEqual({
      ...{ type: 'claimed', branch, base: head },
    });
    await rm(stage.mirrorsDir, { recursive: true, force: true });
    const plan = { ...(await planOf(stage, { 'src/card.js': 'export const card = 2;\n' })), base: head };
    const built = await factOf(stage.activities.buildChange, {
      context,
      effect: { kind: 'build-change', ...plan },
    });
    if (built.type !== 'change-built') throw new Error(JSON.stringify(built));
    const { commit } = built.change;
    await factOf(stage.activities.pushCommit, {
      context,
      effect: { kind: 'push-commit', ...plan, branch, commit, expected: head },
    });
    const opening = {
      kind: 'open-pull-request',
      branch,
      into: TARGET,
      head: commit,
      title: 'T',
      body: 'B',
    } as const;
    const { pullRequest } = await factOf(stage.activities.openPullRequest, { context, effect: opening });
    expect(pullRequest).toMatchObject({ base: TARGET, head: commit });

    const { number } = pullRequest;
    const described = { ...opening, number, into: 'main' };
    const kept = await factOf(stage.activities.openPullRequest, { context, effect: described });
    expect(kept.pullRequest.base).toBe(TARGET);
    const retargeted = { ...described, retarget: true } as const;
    const moved = await factOf(stage.activities.openPullRequest, { context, effect: retargeted });
    expect(moved.pullRequest.base).toBe('main');
    const nowhere = { ...retargeted, into: 'stable/v9' };
    const { ended } = await perform(stage.activities.openPullRequest, { context, effect: nowhere });
    expect(ended).toMatchObject({ failure: 'GitHubInvalid' });
    await factOf(stage.activities.openPullRequest, { context, effect: { ...retargeted, into: TARGET } });

    const { ended: merged } = await perform(stage.activities.mergePullRequest, {
      context,
      effect: {
        ...{ kind: 'merge', number, head: commit, title: 'T' },
        approval: {
          gate: 'merge',
          digest: digestOf('d'),
          bound: {},
          at: 1,
          by: { kind: 'person', login: 'alice', how: 'temporal' },
        },
      },
    });
    if (!('fact' in merged)) throw new Error(JSON.stringify(merged));
    const check = async (into: string, of = context) =>
      await perform(stage.activities.checkRelease, {
        context: of,
        effect: { kind: 'check-release', merge: merged.fact.commit, into },
      });
    expect((await check(TARGET)).ended).toMatchObject({ fact: { release: { onDefaultBranch: true } } });
    expect((await check('main')).ended).toMatchObject({ fact: { release: { onDefaultBranch: false } } });
    expect(stage.simulator.admin.repositories.get(repositoryName).issues.get(issue)?.state).toBe('open');

    await stage.person('acme').deleteBranch(TARGET);
    expect((await check(TARGET)).ended).toMatchObject({ fact: { release: { onDefaultBranch: false } } });
    // Not the target of this issue: then it is the repository that cannot be read.
    expect((await check(TARGET, stage.context(issue))).ended).toMatchObject({ failure: 'GitHubNotFound' });
  });
});

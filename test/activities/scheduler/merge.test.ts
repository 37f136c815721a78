/** Merging: exactly the approved head, once, while its approval is still valid. */
import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { FailureName } from '../../../src/domain/failure.ts';
import type { EffectInput } from '../../../src/contracts/activities.ts';
import { digestOf } from '../../../src/domain/digest.ts';
import { repositoryName } from '../../support/github.ts';
import { perform } from '../support/perform.ts';
import { branchOf, heldOf, newIssue } from '../support/scenes.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults, type Arrange } from '../support/sweep.ts';

const mergePath = '/repos/{owner}/{repo}/pulls/{pull_number}/merge';
let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

type Input = EffectInput<'merge'>;
type Approval = Input['effect']['approval'];

/** A pull request of ours that alice approved. */
async function approved(
  change: Partial<Approval> = {},
): Promise<{ readonly issue: number; readonly input: Input }> {
  const issue = newIssue(stage);
  const branch = branchOf(issue);
  const files = { [`src/${issue}.js`]: `export const n = ${issue};\n` };
  const head = await stage.person('line-bot').pushCommit({ branch, message: 'change', files });
  const { number } = await stage
    .person('line-bot')
    .openPull({ head: branch, base: 'main', title: 'T', body: '' });
  const review = stage.person('alice').review(number, 'APPROVED').id;
  const by = { kind: 'person', login: 'alice', how: 'github-review' } as Approval['by'];
  const approval: Approval = {
    gate: 'merge',
    digest: digestOf(head),
    bound: { head },
    by,
    at: 1,
    review,
    ...change,
  };
  return {
    issue,
    input: {
      context: stage.context(issue),
      effect: { kind: 'merge', number, head, approval, title: 'Title' },
    },
  };
}
const merge = async (input: Input, activities = stage.activities) =>
  await perform(activities.mergePullRequest, input);
const pullOf = ({ effect }: Input) =>
  stage.simulator.admin.repositories.get(repositoryName).issues.get(effect.number)?.pull;
const mergesOf = ({ effect }: Input) => {
  const one = stage.simulator.admin.repositories.get(repositoryName).issues.get(effect.number);
  return one?.events.filter(({ event }) => event === 'merged').length;
};

const merging: Arrange = async () => {
  const { issue, input } = await approved();
  return {
    perform: async () => {
      const { ended, repeated } = await merge(input);
      if (!('fact' in ended)) return { ended, repeated };
      const { type, commit, head } = ended.fact;
      const isIt = commit === pullOf(input)?.mergeCommitSha && head === input.effect.head;
      return { ended: { fact: { type, isIt } }, repeated };
    },
    remains: async () => [await heldOf(stage, issue), mergesOf(input)],
    clear: () => pullOf(input)?.mergedAt ?? stage.person('acme').closeIssue(input.effect.number),
  };
};
const lostRole = { failure: 'ApproverLostRole' };
const permission = 'GET /repos/{owner}/{repo}/collaborators/{username}/permission';

testFaults({
  effect: 'merge',
  stage: () => stage,
  arrange: merging,
  // An unreadable role grants nothing.
  answers: Object.fromEntries(
    [301, 403, 404, 410, 422, 451].map(status => [`${status} ${permission}`, lostRole]),
  ),
});

describe('merging', () => {
  test('puts the approved head itself on the default branch', async () => {
    const { input } = await approved();
    const { ended } = await merge(input);
    expect(ended).toMatchObject({ fact: { type: 'merged', head: input.effect.head } });
    expect(pullOf(input)).toMatchObject({ mergedBy: { login: 'line-bot' }, headSha: input.effect.head });
    const { commit } = (ended as { fact: { commit: string } }).fact;
    expect(await stage.person('alice').tip('main')).toBe(commit);
    expect((await merge(input)).ended).toEqual(ended);
    expect(mergesOf(input)).toBe(1);
  });

  test.each(['merge', 'squash', 'rebase'] as const)(
    'succeeds when a person has merged by hand (%s)',
    async method => {
      const { input } = await approved();
      const commit = await stage.person('alice').mergeByHand(input.effect.number, method);
      expect((await merge(input)).ended).toEqual({
        fact: { type: 'merged', commit, head: input.effect.head },
      });
      expect(mergesOf(input)).toBe(1);
    },
  );

  test('is recognised as done when its response was lost and the pull request still reads as open', async () => {
    const { input } = await approved();
    const { context, effect } = input;
    const facets = ['pull-request'] as const;
    const seen = { facets, pullRequest: effect.number, commentsReadTo: 0, reviewsSeen: 0 };
    await perform(stage.activities.look, { context, ...seen });
    const { faults } = stage.simulator.admin;
    faults.add({ kind: 'execute-then-500', method: 'PUT', path: mergePath });
    faults.add({ kind: 'stale', method: 'GET', path: '/repos/{owner}/{repo}/pulls/{pull_number}' });
    const { ended, repeated } = await merge(input);
    expect(ended).toMatchObject({ fact: { type: 'merged', commit: pullOf(input)?.mergeCommitSha } });
    expect(repeated.map(({ failure }) => failure)).toEqual(['GitHub:unknown', 'NotMergeableYet']);
    expect(mergesOf(input)).toBe(1);
  });

  test('fails with HeadMoved when the head is not the approved one', async () => {
    const { issue, input } = await approved();
    await stage
      .person('alice')
      .pushCommit({ branch: branchOf(issue), message: 'mine', files: { 'a.txt': 'x' } });
    expect((await merge(input)).ended).toMatchObject({ failure: 'HeadMoved' });
    expect(pullOf(input)?.mergedAt).toBeNull();
  });

  test('fails with HeadMoved when someone pushes just before GitHub merges', async () => {
    const { issue, input } = await approved();
    const hold = stage.simulator.admin.hold({ method: 'PUT', path: mergePath }, 'before');
    const working = merge(input);
    await hold.reached;
    await stage
      .person('alice')
      .pushCommit({ branch: branchOf(issue), message: 'late', files: { 'b.txt': 'x' } });
    hold.release();
    expect((await working).ended).toMatchObject({ failure: 'HeadMoved' });
    expect(pullOf(input)?.mergedAt).toBeNull();
  });

  test('fails with NotMergeable when the pull request conflicts or is closed, and names a missing check', async () => {
    const conflicting = await approved();
    await stage.person('acme').pushCommit({
      branch: 'main',
      message: 'other',
      files: { [`src/${conflicting.issue}.js`]: 'theirs\n' },
    });
    expect((await merge(conflicting.input)).ended).toMatchObject({ failure: 'NotMergeable' });

    const closed = await approved();
    stage.person('alice').closeIssue(closed.input.effect.number);
    expect((await merge(closed.input)).ended).toMatchObject({ failure: 'NotMergeable' });

    const { repositories } = stage.simulator.admin;
    repositories.protect(repositoryName, 'main', { requiredChecks: ['ci'] });
    const unchecked = await approved();
    const refused = await merge(unchecked.input);
    repositories.protect(repositoryName, 'main', undefined);
    expect(refused.ended).toMatchObject({
      failure: 'MergeRequirementUnmet',
      message: 'GitHub refused the merge: Required status check "ci" is expected',
    });
    expect((await merge(unchecked.input)).ended).toHaveProperty('fact');
  });

  test.each(['squash', 'rebase'] as const)(
    'merges by a %s: another commit with the approved tree',
    async method => {
      const { input } = await approved();
      const ended = (await merge({ ...input, effect: { ...input.effect, method } })).ended;
      const commit = pullOf(input)?.mergeCommitSha;
      expect(ended).toEqual({ fact: { type: 'merged', commit, head: input.effect.head } });
      const { dir } = stage.simulator.admin.repositories.get(repositoryName);
      const of = (...words: readonly string[]) =>
        execFileSync('git', ['--git-dir', dir, ...words], { encoding: 'utf8' });
      expect(
        of('rev-list', '--parents', '-n1', commit ?? '')
          .trim()
          .split(' '),
      ).toHaveLength(2);
      expect(of('diff', '--name-only', commit ?? '', input.effect.head)).toBe('');
    },
  );

  test('names the setting or the rule that does not allow its way of merging', async () => {
    const { repositories } = stage.simulator.admin;
    const one = await approved();
    repositories.allowMergeMethods(repositoryName, ['squash']);
    const { ended, repeated } = await merge(one.input);
    repositories.allowMergeMethods(repositoryName, ['merge', 'squash', 'rebase']);
    expect({ ended, repeated }).toMatchObject({ ended: { failure: 'MergeMethodForbidden' }, repeated: [] });
    const rules = { linearHistory: 'MergeMethodForbidden', mergeQueue: 'MergeQueueRequired' } as const;
    for (const [rule, failure] of Object.entries(rules)) {
      repositories.protect(repositoryName, 'main', { [rule]: true });
      expect((await merge(one.input)).ended).toMatchObject({ failure });
      repositories.protect(repositoryName, 'main', undefined);
    }
    expect((await merge(one.input)).ended).toHaveProperty('fact');
  });

  test('is waited for while GitHub computes whether it conflicts', async () => {
    const { input } = await approved();
    stage.person('alice').delayMergeability(input.effect.number, 2);
    const { ended, repeated } = await merge(input);
    expect(ended).toHaveProperty('fact');
    expect(repeated.map(({ failure }) => failure)).toEqual(['NotMergeableYet', 'NotMergeableYet']);
  });

  test('names the permission that the token lacks', async () => {
    const { input } = await approved();
    const token = limitedToken(stage, { contents: 'read', pull_requests: 'write', metadata: 'read' });
    expect((await merge(input, stage.withToken(token))).ended).toMatchObject({
      failure: 'GitHubForbidden',
      message: expect.stringContaining('contents=write'),
    });
  });
});

describe('at the merge, an approval does not count', () => {
  const unmerged = async (
    { input }: { readonly input: Input },
    message: RegExp,
    failure: FailureName = 'ApproverLostRole',
  ): Promise<void> => {
    expect((await merge(input)).ended).toEqual({
      failure,
      message: expect.stringMatching(message),
    });
    expect(pullOf(input)?.mergedAt).toBeNull();
  };
  const person = (login: string) => ({ kind: 'person', login, how: 'github-review' }) as Approval['by'];
  /** Then the role and the review are kept, and GitHub says that they are unchanged. */
  const lookedTwice = async ({ context, effect: { number: pullRequest } }: Input): Promise<void> => {
    const look = {
      context,
      facets: ['pull-request'] as const,
      pullRequest,
      commentsReadTo: 0,
      reviewsSeen: 0,
    };
    await perform(stage.activities.look, look);
    stage.simulator.requests.reset();
    await perform(stage.activities.look, look);
    expect(stage.simulator.requests.entries.map(({ status }) => status)).toEqual([304, 304, 304]);
  };

  test('when its author has lost the role', async () => {
    const one = await approved();
    await lookedTwice(one.input);
    const { repositories } = stage.simulator.admin;
    repositories.setRole(repositoryName, 'alice', 'triage');
    await unmerged(one, /alice now has the role triage; write is needed/);
    repositories.setRole(repositoryName, 'alice', 'maintain');
    expect((await merge(one.input)).ended).toHaveProperty('fact');
  });

  test('when GitHub does not know its author, or it was not given by a person', async () => {
    await unmerged(await approved({ by: person('nobody') }), /cannot read the role of nobody/);
    await unmerged(
      await approved({ by: { kind: 'outside', what: 'GitHub' } as Approval['by'] }),
      /not given by a person/,
    );
  });

  test('when its review was dismissed', async () => {
    const one = await approved();
    await lookedTwice(one.input);
    const { approval, number } = one.input.effect;
    stage.person('alice').dismissReview(number, approval.review ?? 0);
    await unmerged(one, /review is now dismissed/, 'ReviewDismissed');
  });

  test('when its review does not exist', async () => {
    await unmerged(await approved({ review: 4_711 }), /review is now gone/, 'ReviewDismissed');
  });
});

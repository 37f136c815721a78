/** Calls of people: one comment even when requests or answers are lost; reviewers, assignees and code owners. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CallPlan } from '../../../src/domain/step.ts';
import type { NotifyOutcome } from '../../../src/notify/webhook.ts';
import { repositoryName } from '../../support/github.ts';
import { factOf, perform } from '../support/perform.ts';
import { heldOf, newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const marker = '<!-- signalbox:call 5.1.1 -->';
const CALL: CallPlan = {
  ...{ seq: 1, ask: 'gate:merge/1', answers: 0, rung: 'fresh', hold: 'gate:merge' },
  ...{ marker, to: ['@alice'], otherwise: [], assign: [], reviewers: [], paths: [] },
  ...{ what: '/approve merge 0123456789ab', why: 'every merge is a decision of a person' },
};
const key = { seq: 1, ask: 'gate:merge/1', answers: 0, rung: 'fresh', hold: 'gate:merge' } as const;

const input = (issue: number, part: Partial<CallPlan> = {}) => ({
  context: stage.context(issue),
  call: { ...CALL, ...part },
});

const repository = () => stage.simulator.admin.repositories.get(repositoryName);
const ours = (issue: number) =>
  [...repository().comments.values()].filter(
    ({ issueNumber, user }) => issueNumber === issue && user.login === 'line-bot',
  );

/** The comment's id differs from scene to scene. */
async function nameless(issue: number, part: Partial<CallPlan>) {
  const { ended, repeated } = await perform(stage.activities.callPeople, input(issue, part));
  if (!('fact' in ended)) return { ended, repeated };
  const { commentId, ...fact } = ended.fact;
  return { ended: { fact: { ...fact, isOurs: ours(issue).some(({ id }) => id === commentId) } }, repeated };
}

const ASSIGNING = 'POST /repos/{owner}/{repo}/issues/{issue_number}/assignees';
const refused = { fact: { who: ['@alice'], isOurs: true } };

testFaults({
  effect: 'call',
  stage: () => stage,
  arrange: async () => {
    const issue = newIssue(stage);
    return {
      perform: () => nameless(issue, { assign: ['@alice'] }),
      remains: () => heldOf(stage, issue),
    };
  },
  answers: Object.fromEntries(
    [301, 401, 403, 404, 410, 422, 451].map(status => [`${status} ${ASSIGNING}`, refused]),
  ),
});

testFaults({
  effect: 'fold',
  stage: () => stage,
  arrange: async () => {
    const issue = newIssue(stage);
    const { commentId = 0 } = await factOf(stage.activities.callPeople, input(issue));
    const context = stage.context(issue);
    return {
      perform: () => perform(stage.activities.foldCall, { context, seq: 1, commentId }),
      remains: () => heldOf(stage, issue),
    };
  },
  answers: {
    '404 DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}': { fact: { type: 'call-folded' } },
  },
});

describe('a call', () => {
  test('is one comment of our account that mentions its people; a copy of its marker is none', async () => {
    const issue = newIssue(stage);
    stage.person('rita').comment(issue, `mine\n${marker}`);
    const fact = await factOf(stage.activities.callPeople, input(issue));
    expect(fact).toMatchObject({ type: 'called', call: key, who: ['@alice'] });
    expect(ours(issue).map(({ id, body }) => [id, body.split(' ')[0]])).toEqual([[fact.commentId, '@alice']]);
  });

  test('that is removed leaves nothing, also if a person removed it first', async () => {
    const issue = newIssue(stage);
    const { commentId = 0 } = await factOf(stage.activities.callPeople, input(issue));
    const fold = { context: stage.context(issue), seq: 1, commentId };
    expect(await factOf(stage.activities.foldCall, fold)).toEqual({ type: 'call-folded', seq: 1 });
    expect(ours(issue)).toEqual([]);
    expect(await factOf(stage.activities.foldCall, fold)).toEqual({ type: 'call-folded', seq: 1 });
  });

  test('assigns people of the repository, and says whom GitHub left out', async () => {
    const issue = newIssue(stage);
    const fact = await factOf(
      stage.activities.callPeople,
      input(issue, { assign: ['@alice', '@nobody-here', '@acme/core'] }),
    );
    expect(fact.problem).toMatch(/did not assign nobody-here/);
    expect(fact.commentId).toBeDefined();
    expect(
      repository()
        .issues.get(issue)
        ?.assignees.map(({ login }) => login),
    ).toEqual(['alice']);
  });

  test('of the owners of the code mentions those of the changed paths, and otherwise whom the rules name', async () => {
    const issue = newIssue(stage);
    const owned = { to: ['codeowners'], otherwise: ['@bea'], paths: ['src/a.js'] } as const;
    expect(await factOf(stage.activities.callPeople, input(issue, owned))).toMatchObject({ who: ['@bea'] });
    await stage.person('acme').pushCommit({
      branch: 'main',
      message: 'owners',
      files: { CODEOWNERS: '* @rita\n/src/ @alice @acme/core\n' },
    });
    expect(await factOf(stage.activities.callPeople, input(newIssue(stage), owned))).toMatchObject({
      who: ['@alice', '@acme/core'],
    });
  });
});

describe('the webhook', () => {
  const notice = {
    ...key,
    title: 'Prices',
    url: 'https://git.example/i/7',
    who: ['@alice'],
    what: 'w',
    why: '',
  };
  const told = async (outcome: NotifyOutcome) => {
    const { notifyWebhook } = stage.withNotify(async () => await Promise.resolve(outcome));
    return await perform(notifyWebhook, { context: stage.context(7), notice }, { attemptsMax: 2 });
  };

  test('takes it, refuses it, or fails for now', async () => {
    expect(await told({ kind: 'taken' })).toMatchObject({
      ended: { fact: { type: 'notified', seq: 1 } },
    });
    expect(await told({ kind: 'refused', why: 'it answered 410' })).toMatchObject({
      ended: { fact: { problem: 'it answered 410' } },
    });
    expect(await told({ kind: 'failed', why: 'it answered 500', retryAfterMs: 7_000 })).toMatchObject({
      ended: { stillFailing: 'Notify' },
      repeated: [{ message: 'it answered 500', waitMs: 7_000 }, {}],
    });
  });
});

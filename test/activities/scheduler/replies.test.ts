/** Answers to comments with refused commands: one each, even when requests or responses are lost. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { repositoryName } from '../../support/github.ts';
import { factOf, perform } from '../support/perform.ts';
import { heldOf, newIssue } from '../support/scenes.ts';
import { stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const marker = '<!-- signalbox:reply 5 -->';
const input = (issue: number) => ({
  context: stage.context(issue),
  replies: [{ commentId: 5, thread: issue, marker, body: `alice, this was not taken\n${marker}` }],
});

testFaults({
  effect: 'reply',
  stage: () => stage,
  arrange: async () => {
    const issue = newIssue(stage);
    return {
      perform: () => perform(stage.activities.writeReplies, input(issue)),
      remains: () => heldOf(stage, issue),
    };
  },
});

test('an answer is written by our account, and a copy of its marker by another is no answer', async () => {
  const issue = newIssue(stage);
  stage.person('rita').comment(issue, `mine\n${marker}`);
  expect(await factOf(stage.activities.writeReplies, input(issue))).toEqual({
    type: 'replied',
    commentIds: [5],
  });
  const { comments } = stage.simulator.admin.repositories.get(repositoryName);
  const ours = [...comments.values()].filter(
    ({ issueNumber, user }) => issueNumber === issue && user.login === 'line-bot',
  );
  expect(ours).toHaveLength(1);
});

/** Answers in threads: one each, even when requests or responses are lost; resolved if the policy says so. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AnswerThreadsInput } from '../../../src/contracts/activities.ts';
import { repositoryName } from '../../support/github.ts';
import { openedBranch } from '../support/foreign.ts';
import { factOf, perform } from '../support/perform.ts';
import { limitedToken, stageScheduler, type SchedulerStage } from '../support/stage.ts';
import { testFaults } from '../support/sweep.ts';

let stage: SchedulerStage;
beforeAll(async () => void (stage = await stageScheduler()));
afterAll(() => stage.end());

const PATH = 'src/card.js';

interface Threads {
  readonly input: AnswerThreadsInput;
  readonly number: number;
}

async function threads(count: number, more: Partial<AnswerThreadsInput> = {}): Promise<Threads> {
  const { issue, number } = await openedBranch(stage);
  await stage.person('alice').reviewLines(number, {
    state: 'COMMENTED',
    comments: Array.from({ length: count }, (_, at) => ({ path: PATH, line: 1, body: `words ${at}` })),
  });
  const answers = pullOf(number).lineComments.map(({ id }) => {
    const marker = `<!-- signalbox:thread ${id} -->`;
    return { thread: id, comment: id, marker, body: `Done.\n${marker}` };
  });
  return { number, input: { context: stage.context(issue), pullRequest: number, answers, ...more } };
}

function pullOf(number: number) {
  const { pull } = stage.simulator.admin.repositories.get(repositoryName).issues.get(number) ?? {};
  if (pull === undefined) throw new Error(`no pull request ${number}`);
  return pull;
}

/** Which threads were answered, by their place, and which are resolved. */
function remains(number: number): unknown {
  const { lineComments, resolvedThreads } = pullOf(number);
  const first = lineComments.filter(({ inReplyTo }) => inReplyTo === undefined).map(({ id }) => id);
  const replies = lineComments.filter(({ inReplyTo }) => inReplyTo !== undefined);
  return {
    answered: replies.map(({ user, inReplyTo = 0 }) => `${user.login}: ${first.indexOf(inReplyTo)}`),
    resolved: [...resolvedThreads.keys()].map(id => first.indexOf(id)),
  };
}

const answered = { answered: ['line-bot: 0', 'line-bot: 1'], resolved: [] };
const repliesPath = '/repos/{owner}/{repo}/pulls/{pull_number}/comments/{comment_id}/replies';
const skipped = { fact: { type: 'threads-answered' } };

testFaults({
  effect: 'answers in threads',
  stage: () => stage,
  arrange: async () => {
    const { input, number } = await threads(1);
    const act = async () => {
      const { ended, repeated } = await perform(stage.activities.answerThreads, input);
      return { repeated, ended: 'fact' in ended ? { fact: { ...ended.fact, threads: [] } } : ended };
    };
    return { perform: act, remains: async () => remains(number) };
  },
  answers: { [`404 POST ${repliesPath}`]: skipped, [`410 POST ${repliesPath}`]: skipped },
});

test('each thread gets one answer, and a copy of the marker by another is no answer', async () => {
  const { input, number } = await threads(2);
  const [first] = input.answers;
  stage.person('rita').replyInThread(number, first?.thread ?? 0, `mine\n${first?.marker ?? ''}`);
  const armed = stage.simulator.admin.faults.add({
    kind: 'execute-then-500',
    path: repliesPath,
    method: 'POST',
  });
  const fact = await factOf(stage.activities.answerThreads, input);
  armed.remove();
  expect(fact.threads).toEqual(input.answers.map(({ thread, comment }) => ({ thread, comment })));
  expect(remains(number)).toMatchObject({ answered: ['rita: 0', ...answered.answered] });
});

test('a thread that was deleted needs no answer', async () => {
  const { input, number } = await threads(2);
  pullOf(number).lineComments.shift();
  expect(await factOf(stage.activities.answerThreads, input)).toMatchObject({ type: 'threads-answered' });
  expect(remains(number)).toMatchObject({ answered: ['line-bot: 0'] });
});

describe('with resolve', () => {
  test('the answered threads are resolved, others are not', async () => {
    const { input, number } = await threads(3, { resolve: true });
    const two = { ...input, answers: input.answers.slice(0, 2) };
    expect((await factOf(stage.activities.answerThreads, two)).problem).toBeUndefined();
    expect(remains(number)).toEqual({ ...answered, resolved: [0, 1] });
    // A thread that a person resolved is left alone.
    expect((await factOf(stage.activities.answerThreads, two)).problem).toBeUndefined();
  });

  test('of more than one page of threads', async () => {
    const { input, number } = await threads(110, { resolve: true });
    await factOf(stage.activities.answerThreads, { ...input, answers: input.answers.slice(-1) });
    expect(remains(number)).toMatchObject({ resolved: [109] });
  });

  test('what GitHub does not let us resolve is named, and the answers stand', async () => {
    const { input, number } = await threads(2, { resolve: true });
    const poor = stage.withToken(limitedToken(stage, { pull_requests: 'write', contents: 'read' }));
    const fact = await factOf(poor.answerThreads, input);
    expect(fact.problem).toContain('unexpected response');
    expect(remains(number)).toMatchObject({ resolved: [] });
  });

  test('a request that got lost is repeated, and no answer is doubled', async () => {
    const { input, number } = await threads(2, { resolve: true });
    const armed = stage.simulator.admin.faults.add({ kind: 'execute-then-500', path: '/graphql', skip: 1 });
    expect((await factOf(stage.activities.answerThreads, input)).problem).toBeUndefined();
    armed.remove();
    expect(remains(number)).toEqual({ ...answered, resolved: [0, 1] });
  });
});

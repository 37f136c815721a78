/**
 * Answers threads of the pull request, each once: the marker of an answer names the comment that it answers, so that a
 * repetition finds it.
 */
import type { AnswerThreadsInput, SchedulerActivities } from '../../contracts/activities.ts';
import { isRepeated } from '../../contracts/retries.ts';
import { sameLogin } from '../../github/actor.ts';
import { isClearNo, isFailure } from '../../github/failure.ts';
import type { PullInput } from '../../github/pulls.ts';
import { listReviewComments, replyInThread } from '../../github/review-comments.ts';
import { resolveThreads } from '../../github/review-threads.ts';
import type { Attempted } from '../effect.ts';
import type { SchedulerPorts } from './ports.ts';

export function answerThreads(ports: SchedulerPorts): Attempted<SchedulerActivities['answerThreads']> {
  return async ({ context, pullRequest, answers, resolve }, attempt) => {
    const { owner, repo } = context.issue;
    const pull = { owner, repo, number: pullRequest };
    const written = isRepeated(attempt) ? await ourAnswers(ports, pull) : [];
    for (const answer of answers)
      if (!written.some(body => body.includes(answer.marker))) await reply(ports, pull, answer);
    const problem = resolve === true ? await resolved(ports, pull, answers) : undefined;
    return {
      type: 'threads-answered',
      threads: answers.map(({ thread, comment }) => ({ thread, comment })),
      ...(problem === undefined ? {} : { problem }),
    };
  };
}

async function ourAnswers({ github, ownLogin }: SchedulerPorts, pull: PullInput): Promise<readonly string[]> {
  const own = await ownLogin();
  const comments = await listReviewComments(github, pull);
  return comments.filter(({ author }) => sameLogin(author, own)).map(({ body }) => body);
}

type Answers = AnswerThreadsInput['answers'];

/** A thread that is not there any more needs no answer. */
async function reply(
  { github }: SchedulerPorts,
  pull: PullInput,
  { thread, body }: Answers[number],
): Promise<void> {
  try {
    await replyInThread(github, { ...pull, thread, body });
  } catch (error) {
    if (!isFailure(error, 'not-found', 'gone')) throw error;
  }
}

/** The answers are written, so a clear no is part of the fact. */
async function resolved(
  { github }: SchedulerPorts,
  pull: PullInput,
  answers: Answers,
): Promise<string | undefined> {
  try {
    await resolveThreads(github, { ...pull, threads: answers.map(({ thread }) => thread) });
    return undefined;
  } catch (error) {
    if (!isClearNo(error) && !isFailure(error, 'bad-answer', 'too-long')) throw error;
    return error.message;
  }
}

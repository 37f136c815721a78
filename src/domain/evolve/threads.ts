/** Threads of the pull request that were answered, or whose answers were given up. */
import { rule } from '../actor.ts';
import { withDue } from '../due.ts';
import type { Observation, ThreadMark } from '../observation.ts';
import type { IssueState } from '../state.ts';
import { answersDue } from '../thread-answer.ts';
import type { FactOf, Noted, Reduced } from './result.ts';

export function onLinesRead(state: IssueState, lines: Observation['lines']): Noted {
  if (lines === undefined) return { state };
  const read = { ...state, linesRead: lines.readTo };
  return { state: lines.more === true ? withDue(read, ['pull-request']) : read };
}

export function onThreadsAnswered(
  state: IssueState,
  { threads, problem }: FactOf<'threads-answered'>,
): Reduced {
  const unresolved = problem === undefined ? '' : `; not resolved: ${problem}`;
  const answered = withoutOwed(state, threads);
  const isAsked = state.pullRequest?.unresolvedThreads !== undefined;
  return {
    // Their resolution may end a hold.
    state: isAsked ? withDue(answered, ['pull-request']) : answered,
    note: {
      cause: `answered ${threads.length} ${threads.length === 1 ? 'thread' : 'threads'}${unresolved}`,
      actor: rule('lifecycle'),
    },
  };
}

/** The pull request shows the commit all the same. */
export function withoutAnswers(state: IssueState): IssueState {
  return withoutOwed(state, answersDue(state));
}

/** One answer is for all that was said in the thread until then. */
function withoutOwed(state: IssueState, answered: readonly ThreadMark[]): IssueState {
  const isAnswered = (mark: ThreadMark): boolean =>
    answered.some(({ thread, comment }) => thread === mark.thread && mark.comment <= comment);
  const requestedChanges = (state.requestedChanges ?? []).map(request => ({
    ...request,
    owed: request.owed.filter(mark => !isAnswered(mark)),
  }));
  return { ...state, requestedChanges };
}

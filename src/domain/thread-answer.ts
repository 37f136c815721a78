/** The answer in each thread of the pull request after a rework: which attempt got it, and which commit is its result. */
import { actorName } from './actor.ts';
import { currentChange, currentRun } from './facts.ts';
import { shortHead } from './foreign-head.ts';
import type { ThreadMark } from './observation.ts';
import { neutralise } from './posted-text.ts';
import { OUR_MARKER } from './reply.ts';
import type { IssueState } from './state.ts';
import type { ThreadAnswer } from './thread-plan.ts';
import type { RequestedChanges, RunFacts } from './state/work.ts';

const SUMMARY_CHARS_MAX = 600;
/** Answers in one go: GitHub slows down accounts that write much at once. */
const ANSWERS_MAX = 20;

/** The answers that are due. They follow the text of the pull request, so that the commit that they name is the one shown. */
export function answersDue(state: IssueState): readonly ThreadAnswer[] {
  const { pushed, described, requestedChanges = [] } = state;
  const run = currentRun(state);
  const commit = currentChange(state)?.commit;
  if (run === undefined || commit === undefined || commit !== pushed || commit !== described) return [];
  const owed = requestedChanges
    .filter(({ attempt }) => attempt <= run.attempt)
    .flatMap(request => request.owed.map(mark => ({ ...mark, isApplied: isAppliedBy(run, request) })));
  return latestOfEach(owed)
    .slice(0, ANSWERS_MAX)
    .map(mark => answerOf(mark, run, commit));
}

interface Owed extends ThreadMark {
  /** It was a suggestion, which the run applied. */
  readonly isApplied: boolean;
}

function isAppliedBy({ suggested }: RunFacts, { reviewId }: RequestedChanges): boolean {
  return suggested?.reviews.includes(reviewId) === true;
}

/** Several reviewers can have written in one thread: it gets one answer. */
function latestOfEach(marks: readonly Owed[]): readonly Owed[] {
  return marks.filter(
    ({ thread, comment }) => !marks.some(other => other.thread === thread && other.comment > comment),
  );
}

function answerOf({ thread, comment, isApplied }: Owed, run: RunFacts, commit: string): ThreadAnswer {
  const marker = `${OUR_MARKER}thread ${comment} -->`;
  const done = isApplied ? [appliedLine(commit)] : whatWasDone(run, commit);
  const body = [...done, '', AGAIN, marker].join('\n');
  return { thread, comment, marker, body };
}

const AGAIN =
  'If this is not what you meant, reply here: the next attempt gets the reply of a person who may decide.';

function appliedLine(commit: string): string {
  return `Commit ${shortHead(commit)} has this suggestion as it was written. No agent was run.`;
}

function whatWasDone({ attempt, adopted, end }: RunFacts, commit: string): readonly string[] {
  if (adopted !== undefined)
    return [
      `The branch now has commit ${shortHead(commit)}, with the commits that ${neutralise(actorName(adopted.by), SUMMARY_CHARS_MAX)} adopted.`,
    ];
  return [
    `Attempt ${attempt} got this comment. Its result is commit ${shortHead(commit)}.`,
    '',
    `The agent says of the attempt: ${neutralise(end?.summary ?? '', SUMMARY_CHARS_MAX)}`,
  ];
}

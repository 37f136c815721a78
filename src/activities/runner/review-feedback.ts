/** What reviewers said, as feedback for the agent: each review's text, and one piece for each thread on lines of the diff. */
import type { AgentFeedback } from '../../contracts/agent-task.ts';
import type { LineComment, ReviewLines } from '../../contracts/review-lines.ts';
import type { ArtifactStore } from '../../artifacts/port.ts';
import type { EffectInput } from '../../contracts/activities.ts';
import type { ReviewInput } from '../../domain/step.ts';
import { hideSecrets } from '../../git/secret-rules.ts';
import { loadReview, loadReviewLines } from '../stored.ts';

/** Threads that one attempt gets, the latest ones. */
const THREADS_MAX = 60;
const TEXTS_MAX = 20;
/** Of one thread; what is too long is cut in the middle, and its first and last words stay. */
const THREAD_CHARS_MAX = 40_000;
const PATH_CHARS_MAX = 500;

export async function reviewFeedback(
  artifacts: ArtifactStore,
  { feedback, reviews }: EffectInput<'run-agent'>['effect'],
): Promise<readonly AgentFeedback[]> {
  if (reviews === undefined)
    return feedback === undefined ? [] : [textFeedback('reviewer', await loadReview(artifacts, feedback))];
  const texts = await Promise.all(reviews.map(review => textsOf(artifacts, review)));
  const notes = reviews.flatMap(suggestionNote);
  const lines = await Promise.all(reviews.map(review => linesOf(artifacts, review)));
  return [...texts.flat().slice(-TEXTS_MAX), ...notes.slice(-TEXTS_MAX), ...threadFeedback(lines.flat())];
}

async function textsOf(
  artifacts: ArtifactStore,
  { by, body }: ReviewInput,
): Promise<readonly AgentFeedback[]> {
  return body === undefined ? [] : [textFeedback(by, await loadReview(artifacts, body))];
}

/** The suggestions themselves are in their threads. */
function suggestionNote({ by, unsuggested }: ReviewInput): readonly AgentFeedback[] {
  if (unsuggested === undefined) return [];
  return [textFeedback('scheduler', `The suggestions of ${by} were not applied: ${unsuggested}.`)];
}

async function linesOf(artifacts: ArtifactStore, { lines }: ReviewInput): Promise<readonly ReviewLines[]> {
  return lines === undefined ? [] : [await loadReviewLines(artifacts, lines)];
}

/** A reviewer can quote a token; the model must not get it. */
function textFeedback(from: string, text: string): AgentFeedback {
  return { source: 'review', from, text: hideSecrets(text), path: null, line: null };
}

interface Said extends LineComment {
  readonly by: string;
}

/** Several reviews can have words in one thread: oldest first. */
export function threadFeedback(reviews: readonly ReviewLines[]): readonly AgentFeedback[] {
  const threads = new Map<number, Said[]>();
  for (const { by, comments } of reviews)
    for (const comment of comments)
      threads.set(comment.thread, [...(threads.get(comment.thread) ?? []), { ...comment, by }]);
  const left = reviews.filter(({ more }) => more > 0).map(({ by, more }) => `${more} more comments of ${by}`);
  const pieces = [...threads.values()].map(pieceOf);
  const dropped = pieces.length - THREADS_MAX;
  const lacking = [...left, ...(dropped > 0 ? [`${dropped} earlier threads`] : [])];
  return [
    ...pieces.slice(-THREADS_MAX),
    ...(lacking.length === 0 ? [] : [textFeedback('scheduler', `Not shown here: ${lacking.join(', ')}.`)]),
  ];
}

function pieceOf(said: readonly Said[]): AgentFeedback {
  const [first] = said;
  const { path = '', lines, hunk = '' } = first ?? {};
  const shown = hunk === '' ? [] : [`The diff there:\n${hunk}`];
  const words = said.map(({ by, words: text }) => `${by}: ${text}`);
  return {
    source: 'review',
    from: [...new Set(said.map(({ by }) => by))].join(', ').slice(0, PATH_CHARS_MAX),
    text: hideSecrets(shortened([placeText(lines), ...shown, ...words].join('\n\n'))),
    path: path.slice(-PATH_CHARS_MAX),
    line: lines?.to ?? null,
  };
}

function placeText(lines: LineComment['lines']): string {
  if (lines === undefined) return 'About the whole file.';
  const { from, to, side } = lines;
  const which = from === to ? `line ${to}` : `lines ${from} to ${to}`;
  return side === 'LEFT'
    ? `About ${which} of the file as it was before the change.`
    : `About ${which} of the file as the change left it.`;
}

function shortened(text: string): string {
  if (text.length <= THREAD_CHARS_MAX) return text;
  const half = THREAD_CHARS_MAX / 2;
  return `${text.slice(0, half)}\n… (${text.length - THREAD_CHARS_MAX} characters are not here)\n${text.slice(-half)}`;
}

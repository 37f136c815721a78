/**
 * Reads the comments on lines of the pull request, if they may have changed: without such comments this costs no request.
 * They are grouped by review, because a review with many comments is one piece of feedback.
 */
import {
  DIFF_HUNK_CHARS_MAX,
  LINE_COMMENT_CHARS_MAX,
  LINE_COMMENTS_MAX,
  LOOK_REVIEWS_MAX,
} from '../../contracts/bounds.ts';
import type { LineComment, ReviewLines } from '../../contracts/review-lines.ts';
import type {
  LinesRead,
  Observation,
  ObservedLines,
  ObservedReview,
  RoleReading,
} from '../../domain/observation.ts';
import { isLineRead, withLinesRead } from '../../domain/review-read.ts';
import { sameLogin } from '../../github/actor.ts';
import type { Pull, PullInput } from '../../github/pulls.ts';
import { listReviewComments, type ReviewComment } from '../../github/review-comments.ts';
import { putCanonical } from '../stored.ts';
import { accountType } from './account-type.ts';
import { readSuggestions } from './read-suggestions.ts';
import type { SchedulerPorts } from './ports.ts';

/** What one review says on lines, with what is known of the review from its comments alone. */
export interface ReviewOnLines {
  readonly of: Pick<ObservedReview, 'reviewId' | 'author' | 'role' | 'commit' | 'submittedAt'>;
  readonly lines: ObservedLines;
}

export interface LinesOnPull {
  readonly reviews: readonly ReviewOnLines[];
  readonly read?: NonNullable<Observation['lines']>;
}

export interface LinesPlace extends PullInput {
  readonly linesRead?: LinesRead;
  readonly suggestions?: true;
}

export async function readLines(
  ports: SchedulerPorts,
  place: LinesPlace,
  { pull, roleFor }: { readonly pull: Pull; readonly roleFor: (login: string) => Promise<RoleReading> },
): Promise<LinesOnPull> {
  const known = place.linesRead ?? { ...UNREAD, ids: [] };
  if (!mayHaveNews(known, pull)) return { reviews: [] };
  const own = await ports.ownLogin();
  const comments = await listReviewComments(ports.github, place);
  const unread = comments.filter(({ id, author }) => !isLineRead(known, id) && !sameLogin(author, own));
  const groups = byReview(unread);
  const taken = groups.slice(0, LOOK_REVIEWS_MAX);
  const reviews: ReviewOnLines[] = [];
  for (const group of taken) {
    const read = await onLines(ports, group, await roleFor(group[0].author));
    reviews.push(place.suggestions === true ? await withSuggestions(ports.artifacts, read, group) : read);
  }
  const later = [...groups.slice(LOOK_REVIEWS_MAX), ...taken.filter((_, at) => isUnsettled(reviews[at]))];
  const unsettled = new Set(later.flat().map(({ id }) => id));
  const ids = withLinesRead(
    known.ids,
    comments.map(({ id }) => id).filter(id => !unsettled.has(id)),
  );
  const of = unsettled.size === 0 ? { count: pull.commentsOnLines, updatedAt: pull.updatedAt } : UNREAD;
  const more = groups.length > LOOK_REVIEWS_MAX ? { more: true as const } : {};
  return { reviews, read: { readTo: { ...of, ids }, ...more } };
}

const UNREAD = { count: 0, updatedAt: '' } as const;

function mayHaveNews({ count, updatedAt }: LinesRead, pull: Pull): boolean {
  return pull.commentsOnLines > 0 && (pull.commentsOnLines !== count || pull.updatedAt !== updatedAt);
}

/** The error decides nothing: what a person wrote is read again. */
function isUnsettled(read: ReviewOnLines | undefined): boolean {
  return read?.of.author.type === 'User' && read.of.role.kind === 'unreadable';
}

type Group = readonly [ReviewComment, ...ReviewComment[]];

/** In the order of their first comments. One without a review stands alone. */
function byReview(comments: readonly ReviewComment[]): readonly Group[] {
  const groups = new Map<string, [ReviewComment, ...ReviewComment[]]>();
  for (const comment of comments) {
    const key = comment.review === 0 ? `comment ${comment.id}` : `review ${comment.review}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [comment]);
    else group.push(comment);
  }
  return [...groups.values()];
}

async function onLines(ports: SchedulerPorts, group: Group, role: RoleReading): Promise<ReviewOnLines> {
  const [first] = group;
  const taken = group.slice(0, LINE_COMMENTS_MAX);
  const words: ReviewLines = {
    version: 1,
    by: first.author,
    comments: taken.map(lineComment),
    more: group.length - taken.length,
  };
  return {
    of: {
      reviewId: first.review,
      author: { login: first.author, type: accountType(first.authorType) },
      role,
      commit: first.commitId,
      submittedAt: Date.parse(first.createdAt),
    },
    lines: {
      words: await putCanonical(ports.artifacts, words),
      threads: latestMarks(taken),
      total: group.length,
    },
  };
}

async function withSuggestions(
  artifacts: SchedulerPorts['artifacts'],
  read: ReviewOnLines,
  group: Group,
): Promise<ReviewOnLines> {
  const suggested = await readSuggestions(artifacts, group);
  return suggested === undefined ? read : { ...read, lines: { ...read.lines, suggested } };
}

function lineComment({ thread, path, lines, hunk, body }: ReviewComment): LineComment {
  return {
    thread,
    path,
    ...(lines === undefined ? {} : { lines }),
    hunk: hunk.slice(-DIFF_HUNK_CHARS_MAX),
    words: body.length > LINE_COMMENT_CHARS_MAX ? `${body.slice(0, LINE_COMMENT_CHARS_MAX)}…` : body,
  };
}

/** A review can have several comments in one thread. */
function latestMarks(comments: readonly ReviewComment[]): ObservedLines['threads'] {
  const latest = new Map<number, number>();
  for (const { thread, id } of comments) latest.set(thread, Math.max(id, latest.get(thread) ?? 0));
  return [...latest].map(([thread, comment]) => ({ thread, comment }));
}

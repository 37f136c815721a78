/** Reads what is new in the comments of an issue: the commands, and which comment is the status comment. */
import type { LookInput } from '../../contracts/activities.ts';
import type { Observation } from '../../domain/observation.ts';
import { statusMarker } from '../../domain/projection.ts';
import { sameLogin } from '../../github/actor.ts';
import { type Comment, listComments } from '../../github/comments.ts';
import { portionOf } from './commands-in-comments.ts';
import type { SchedulerPorts } from './ports.ts';
import type { ReadIssue } from './read-issue.ts';

/** Without a request when the issue has just been read and has no comments. */
export async function readComments(
  ports: SchedulerPorts,
  input: LookInput,
  issue: ReadIssue | undefined,
): Promise<CommentsReading> {
  if (issue?.comments === 0) return { commands: [], lastId: input.commentsReadTo, status: null };

  const { context, commentsReadTo, commentsSince, commentEditsReadTo, questions = [] } = input;
  const { owner, repo, number } = context.issue;
  const since = commentsSince === undefined ? {} : { since: commentsSince };
  const comments = await listComments(ports.github, { owner, repo, issue: number, ...since });
  const ownLogin = comments.length === 0 ? '' : await ports.ownLogin();
  const { commands, read } = await portionOf(ports, {
    ...{ comments, ownLogin, thread: number, place: context.issue, readTo: commentsReadTo, questions },
    ...(commentEditsReadTo === undefined ? {} : { editsReadTo: commentEditsReadTo }),
  });
  const isAll = read.length === comments.length;
  return {
    commands,
    lastId: Math.max(commentsReadTo, ...read.map(comment => comment.id)),
    ...(isAll ? latestEdit(read, commentEditsReadTo) : { more: true }),
    ...nextSince({ read, isAll }, commentsSince),
    status: statusIn({ comments, ownLogin, input }),
  };
}

/** GitHub's times sort as texts. */
function latestEdit(
  comments: readonly Comment[],
  before: string | undefined,
): Pick<CommentsReading, 'editsReadTo'> {
  const times = [before ?? [], comments.map(({ updatedAt }) => updatedAt)].flat().sort();
  const editsReadTo = times.at(-1);
  return editsReadTo === undefined ? {} : { editsReadTo };
}

type CommentsReading = NonNullable<Observation['comments']>;

/** A list with this many comments, all as long as GitHub allows, fits into one response. */
const SHORT_LIST = 30;
/** GitHub's times are whole seconds, and of several servers. */
const OVERLAP_MS = 60_000;

interface ReadNow {
  readonly read: readonly Comment[];
  /** Nothing of the list is left for the next look. */
  readonly isAll: boolean;
}

/**
 * A short list is read again, so that a status comment that was deleted is missed. Never earlier than before: whoever edits
 * an old comment cannot have the list read again.
 */
function nextSince({ read, isAll }: ReadNow, before: string | undefined): Pick<CommentsReading, 'since'> {
  if (before === undefined && read.length < SHORT_LIST) return {};
  // What was left is newer than the last that was read, but its edits may not be newer than those of others.
  const times = isAll
    ? read.map(({ updatedAt }) => updatedAt)
    : read.slice(-1).map(({ createdAt }) => createdAt);
  const latest = Math.max(...times.map(time => Date.parse(time) - OVERLAP_MS), Date.parse(before ?? '') || 0);
  return latest === 0 ? {} : { since: new Date(latest).toISOString() };
}

interface CommentsRead {
  readonly comments: readonly Comment[];
  readonly ownLogin: string;
  readonly input: LookInput;
}

/**
 * When only new comments are read, the status comment is usually older. Should it have been deleted, the next projection
 * finds that out and writes it again.
 */
function statusIn({ comments, ownLogin, input }: CommentsRead): number | null {
  const { context, commentsSince, statusComment = null } = input;
  const marker = statusMarker(context);
  const found = comments.find(({ author, body }) => sameLogin(author, ownLogin) && body.includes(marker));
  return found?.id ?? (commentsSince === undefined ? null : statusComment);
}

/** Reads what is new in the comments of an issue: the commands, and which comment is the status comment. */
import type { LookInput } from '../../contracts/activities.ts';
import { LOOK_COMMANDS_MAX } from '../../contracts/bounds.ts';
import { commandsIn } from '../../domain/command.ts';
import type { Observation, ObservedCommand } from '../../domain/observation.ts';
import { statusMarker } from '../../domain/projection.ts';
import { sameLogin } from '../../github/actor.ts';
import { type Comment, getComment, listComments } from '../../github/comments.ts';
import { rolesIn } from '../../github/roles.ts';
import { accountType } from './account-type.ts';
import type { SchedulerPorts } from './ports.ts';
import type { ReadIssue } from './read-issue.ts';

/** Without a request when the issue has just been read and has no comments. */
export async function readComments(
  ports: SchedulerPorts,
  input: LookInput,
  issue: ReadIssue | undefined,
): Promise<CommentsReading> {
  if (issue?.comments === 0) return { commands: [], lastId: input.commentsReadTo, status: null };

  const { context, commentsReadTo, commentsSince } = input;
  const { owner, repo, number } = context.issue;
  const since = commentsSince === undefined ? {} : { since: commentsSince };
  const comments = await listComments(ports.github, { owner, repo, issue: number, ...since });
  const ownLogin = comments.length === 0 ? '' : await ports.ownLogin();
  const { commands, read } = await portionOf(ports, { comments, ownLogin, input });
  return {
    commands,
    lastId: Math.max(commentsReadTo, ...read.map(comment => comment.id)),
    ...(read.length < comments.length ? { more: true } : {}),
    ...nextSince(read, commentsSince),
    status: await statusIn(ports, { comments, ownLogin, input }),
  };
}

/** Whole comments, until they have as many commands as one look takes. */
async function portionOf(
  { github }: SchedulerPorts,
  { comments, ownLogin, input }: CommentsRead,
): Promise<{ readonly commands: readonly ObservedCommand[]; readonly read: readonly Comment[] }> {
  const roleFor = rolesIn(github, input.context.issue);
  const commands: ObservedCommand[] = [];
  const read: Comment[] = [];
  for (const comment of comments) {
    if (commands.length >= LOOK_COMMANDS_MAX) break;
    read.push(comment);
    const isNew = comment.id > input.commentsReadTo && !sameLogin(comment.author, ownLogin);
    const said = isNew ? commandsIn(comment.body) : [];
    if (said.length === 0) continue;
    const written = {
      commentId: comment.id,
      author: { login: comment.author, type: accountType(comment.authorType) },
      role: await roleFor(comment.author),
      edited: comment.edited,
    };
    for (const { position, ...command } of said)
      commands.push({ ...written, ...(position === 0 ? {} : { position }), ...command });
  }
  return { commands, read };
}

type CommentsReading = NonNullable<Observation['comments']>;

/** A list with this many comments, all as long as GitHub allows, fits into one response. */
const SHORT_LIST = 30;
/** GitHub's times are whole seconds, and of several servers. */
const OVERLAP_MS = 60_000;

/** Reading a short list again is cheaper than asking for its status comment. */
function nextSince(comments: readonly Comment[], before: string | undefined): Pick<CommentsReading, 'since'> {
  if (before === undefined && comments.length < SHORT_LIST) return {};
  const latest = comments.at(-1)?.createdAt;
  if (latest === undefined) return before === undefined ? {} : { since: before };
  return { since: new Date(Date.parse(latest) - OVERLAP_MS).toISOString() };
}

interface CommentsRead {
  readonly comments: readonly Comment[];
  readonly ownLogin: string;
  readonly input: LookInput;
}

/** When only new comments are read, the status comment is usually older, and may have been deleted. */
async function statusIn(
  { github }: SchedulerPorts,
  { comments, ownLogin, input }: CommentsRead,
): Promise<number | null> {
  const { context, commentsSince, statusComment } = input;
  const { owner, repo } = context.issue;
  const marker = statusMarker(context);
  const found = comments.find(({ author, body }) => sameLogin(author, ownLogin) && body.includes(marker));
  if (found !== undefined || commentsSince === undefined || statusComment === undefined)
    return found?.id ?? null;
  return (await getComment(github, { owner, repo, commentId: statusComment }))?.id ?? null;
}

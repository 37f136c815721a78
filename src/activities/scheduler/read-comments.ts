/** Reads what is new in the comments of an issue: the commands, and which comment is the status comment. */
import type { LookInput } from '../../contracts/activities.ts';
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
  const fresh = comments.filter(comment => comment.id > commentsReadTo);
  const ownLogin = comments.length === 0 ? '' : await ports.ownLogin();
  const roleFor = rolesIn(ports.github, { owner, repo });
  const commands: ObservedCommand[] = [];
  for (const comment of fresh) {
    const said = sameLogin(comment.author, ownLogin) ? [] : commandsIn(comment.body);
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
  const lastId = Math.max(commentsReadTo, ...fresh.map(comment => comment.id));
  return {
    commands,
    lastId,
    ...nextSince(comments, commentsSince),
    status: await statusIn(ports, { comments, ownLogin, input }),
  };
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

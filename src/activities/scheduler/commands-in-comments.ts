/** The commands in comments, with their authors and roles; a portion for each look. */
import { LOOK_COMMANDS_MAX } from '../../contracts/bounds.ts';
import { commandsIn, type SaidCommand } from '../../domain/command.ts';
import type { ObservedCommand } from '../../domain/observation.ts';
import { quotedAnswer } from '../../domain/quoted-answer.ts';
import { OUR_MARKER } from '../../domain/reply.ts';
import { sameLogin } from '../../github/actor.ts';
import type { Comment } from '../../github/comments.ts';
import type { RepositoryName } from '../../github/credential.ts';
import { rolesIn } from '../../github/roles.ts';
import { accountType } from './account-type.ts';
import type { SchedulerPorts } from './ports.ts';

export interface ThreadComments {
  readonly comments: readonly Comment[];
  readonly ownLogin: string;
  /** The number of the issue or pull request. */
  readonly thread: number;
  readonly place: RepositoryName;
  /** The highest id that was read before. */
  readonly readTo: number;
  /** Edits up to then were read; absent if it is unknown. */
  readonly editsReadTo?: string;
  /** Of the agent; empty if it asks nothing. */
  readonly questions: readonly string[];
}

export interface Portion {
  readonly commands: readonly ObservedCommand[];
  readonly read: readonly Comment[];
}

/** Whole comments, until they have as many commands as one look takes. */
export async function portionOf(
  { github }: Pick<SchedulerPorts, 'github'>,
  { comments, ...thread }: ThreadComments,
): Promise<Portion> {
  const roleFor = rolesIn(github, thread.place);
  const commands: ObservedCommand[] = [];
  const read: Comment[] = [];
  for (const comment of comments) {
    if (commands.length >= LOOK_COMMANDS_MAX) break;
    read.push(comment);
    const said = saidNow(comment, thread);
    if (said.length === 0) continue;
    const written = {
      commentId: comment.id,
      author: { login: comment.author, type: accountType(comment.authorType) },
      role: await roleFor(comment.author),
      edited: comment.edited,
      ...(comment.id <= thread.readTo ? { editedLater: true as const } : {}),
      ...(sameLogin(comment.author, thread.ownLogin) ? { own: true as const } : {}),
      thread: thread.thread,
    };
    for (const { position, ...command } of said)
      commands.push({ ...written, ...(position === 0 ? {} : { position }), ...command });
  }
  return { commands, read };
}

/** What is new in it. What our account writes is ours, unless a person with the same account wrote a command. */
function saidNow(comment: Comment, thread: Omit<ThreadComments, 'comments'>): readonly SaidCommand[] {
  const isNew = comment.id > thread.readTo;
  const { editsReadTo } = thread;
  const isEditedLater =
    !isNew && comment.edited && editsReadTo !== undefined && comment.updatedAt > editsReadTo;
  if (!isNew && !isEditedLater) return [];
  if (!sameLogin(comment.author, thread.ownLogin)) return saidIn(comment, isNew ? thread.questions : []);
  return isEditedLater ? [] : ownCommands(comment);
}

/** Commands that a person wrote with our account. */
function ownCommands({ body, authorType }: Comment): readonly SaidCommand[] {
  const isOurs = body.includes(OUR_MARKER) || authorType !== 'User';
  return isOurs ? [] : commandsIn(body).filter(({ near }) => near === undefined);
}

/** A bot that quotes has no words of its own. */
function saidIn({ body, authorType }: Comment, questions: readonly string[]): readonly SaidCommand[] {
  const commands = commandsIn(body);
  return commands.length > 0 || authorType !== 'User' ? commands : quotedAnswer(body, questions);
}

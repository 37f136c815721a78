/** Commands in comments on the issue and its pull request. A command in an edited comment or by a bot is refused. */
import { roleProblem } from '../decision-problem.ts';
import { withDue } from '../due.ts';
import { commentDecisionId, type Decision } from '../decision.ts';
import type { Observation, ObservedCommand } from '../observation.ts';
import type { IssueState } from '../state.ts';
import { onDecision } from './decisions.ts';
import { type Person, personOf } from './person.ts';
import { isAnswered, withReply } from './replies.ts';
import { chain, type Noted } from './result.ts';

export function onComments(state: IssueState, comments: Observation['comments']): Noted {
  if (comments === undefined) return { state };
  const commands = comments.commands.filter(isNews(state.commentsReadTo));
  const commentsReadTo = Math.max(state.commentsReadTo, comments.lastId);
  const since = comments.since === undefined ? {} : { commentsSince: comments.since };
  const { editsReadTo } = comments;
  const edits = editsReadTo === undefined ? {} : { commentEditsReadTo: editsReadTo };
  const read = { ...state, commentsReadTo, ...since, ...edits, statusComment: comments.status };
  return onCommands(comments.more === true ? withDue(read, ['comments']) : read, commands);
}

export function onPullComments(state: IssueState, comments: Observation['pullComments']): Noted {
  if (comments === undefined) return { state };
  const commands = comments.commands.filter(isNews(state.pullCommentsRead?.lastId ?? 0));
  const read = { ...state, pullCommentsRead: comments.readTo };
  return onCommands(comments.more === true ? withDue(read, ['pull-request']) : read, commands);
}

function isNews(readTo: number): (command: ObservedCommand) => boolean {
  return ({ commentId, editedLater }) => commentId > readTo || editedLater === true;
}

function onCommands(state: IssueState, commands: readonly ObservedCommand[]): Noted {
  return commands.reduce<Noted>(
    (noted, command) => chain(noted, s => withRefusals(s, command, onCommand(s, command))),
    { state },
  );
}

/** The refusals of one comment are shown together, and what is taken after them hides none. */
function withRefusals({ refusedDecision: known }: IssueState, command: ObservedCommand, noted: Noted): Noted {
  const { refusedDecision: latest } = noted.state;
  if (command.position === undefined || known === undefined || latest === known) return noted;
  const { earlier = [], ...refusal } = known;
  const refusedDecision =
    latest === undefined
      ? known
      : { ...latest, earlier: [...earlier, { kind: refusal.kind, why: refusal.why }] };
  return { ...noted, state: { ...noted.state, refusedDecision } };
}

function onCommand(state: IssueState, command: ObservedCommand): Noted {
  const { author, role, editedLater } = command;
  const by = personOf(author, role, 'github-comment');
  if (command.own === true) return refused(state, command, OWN);
  const may = by !== undefined && mayDecide(state, by);
  if (!may && isNoDecision(command)) return { state };
  if (editedLater === true && isAnswered(state, command.commentId)) return { state };
  if (by === undefined) return refused(state, command, 'only a person can decide');
  const noted = command.edited ? refused(state, command, EDITED) : decided(state, command, by);
  return may ? answered(state, command, noted) : noted;
}

/** Who may not decide gets no answer to what is no decision anyway: nobody can make us write. */
function isNoDecision({ near, editedLater }: ObservedCommand): boolean {
  return near === true || editedLater === true;
}

const EDITED = 'edited comments do not count; write a new one';
const OWN =
  'Signalbox runs as this account, so what it writes does not count; decide with another account (docs/deciding.md)';

function mayDecide({ policy }: IssueState, by: Person): boolean {
  return policy !== undefined && roleProblem(by, policy.decisions.roleMin) === undefined;
}

function decided(
  state: IssueState,
  { commentId, position, request, unclear }: ObservedCommand,
  by: Person,
): Noted {
  const decision: Decision = {
    ...request,
    id: commentDecisionId(commentId, position),
    source: 'github',
    by,
    ...(unclear === undefined ? {} : { unclear }),
  };
  const reduced = onDecision(state, decision);
  return 'refused' in reduced ? { state } : reduced;
}

/** What was taken is shown in the status comment, what was refused is answered too. */
function answered(before: IssueState, command: ObservedCommand, noted: Noted): Noted {
  const { refusedDecision: refusal } = noted.state;
  if (noted.note === undefined || command.thread === undefined) return noted;
  const isTaken = refusal === undefined || refusal === before.refusedDecision;
  const { kind } = command.request;
  const state = isTaken
    ? { ...noted.state, takenCommand: { by: command.author.login, kind, at: before.at } }
    : withReply(noted.state, command, refusal);
  return { ...noted, state };
}

function refused(state: IssueState, { author, request }: ObservedCommand, why: string): Noted {
  return {
    state: { ...state, refusedDecision: { by: author.login, kind: request.kind, why } },
    note: { cause: `refused /${request.kind}: ${why}`, actor: { kind: 'outside', what: author.login } },
  };
}

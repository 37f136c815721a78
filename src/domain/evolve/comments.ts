/** Commands in comments. A command in an edited comment or by a bot is refused. */
import { withDue } from '../due.ts';
import { commentDecisionId, type Decision } from '../decision.ts';
import type { Observation, ObservedCommand } from '../observation.ts';
import type { IssueState } from '../state.ts';
import { onDecision } from './decisions.ts';
import { personOf } from './person.ts';
import { chain, type Noted } from './result.ts';

export function onComments(state: IssueState, comments: Observation['comments']): Noted {
  if (comments === undefined) return { state };
  const commands = comments.commands.filter(command => command.commentId > state.commentsReadTo);
  const commentsReadTo = Math.max(state.commentsReadTo, comments.lastId);
  const since = comments.since === undefined ? {} : { commentsSince: comments.since };
  const read = { ...state, commentsReadTo, ...since, statusComment: comments.status };
  return commands.reduce<Noted>(
    (noted, command) => chain(noted, s => withRefusals(s, command, onCommand(s, command))),
    { state: comments.more === true ? withDue(read, ['comments']) : read },
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
  const by = personOf(command.author, command.role, 'github-comment');
  if (by === undefined) return refused(state, command, 'only a person can decide');
  if (command.edited) return refused(state, command, 'the comment was edited after it was written');
  const { commentId, position, request, unclear } = command;
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

function refused(state: IssueState, { author, request }: ObservedCommand, why: string): Noted {
  return {
    state: { ...state, refusedDecision: { by: author.login, kind: request.kind, why } },
    note: { cause: `refused /${request.kind}: ${why}`, actor: { kind: 'outside', what: author.login } },
  };
}

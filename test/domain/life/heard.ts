/** The decisions in an event, each with the state before and after it; a look can contain several. */
import type { Decision } from '../../../src/domain/decision.ts';
import type { Event } from '../../../src/domain/event.ts';
import { evolve } from '../../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import type { ObservedCommand } from '../../../src/domain/observation.ts';
import { omit } from '../../../src/domain/omit.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Heard } from './decision-oracle.ts';
import { must } from './invariants.ts';

export interface HeardAt {
  readonly heard: Heard;
  readonly from: IssueState;
  readonly to: IssueState;
}

export function heardIn(before: IssueState, event: Event, after: IssueState): readonly HeardAt[] {
  if (event.type === 'decision')
    return [{ heard: { decision: event.decision, edited: false }, from: before, to: after }];
  const commands = event.type === 'observed' ? (event.observation.comments?.commands ?? []) : [];
  if (commands.length === 0 || nextStep(before).kind === 'end') return [];
  const afterFirst = (count: number): IssueState =>
    evolve(before, withCommands(event, commands.slice(0, count)));
  return commands.flatMap((command, index) => {
    const so = afterFirst(index);
    const from = command.request.kind === 'verify-release' ? undated(before, so) : so;
    if (command.commentId > before.commentsReadTo)
      return [
        { heard: { decision: decisionOf(command), edited: command.edited }, from, to: afterFirst(index + 1) },
      ];
    const again = afterFirst(index + 1);
    must('20 seen once', again.audit.head === from.audit.head, `comment ${command.commentId} was read twice`);
    return [];
  });
}

/** Commands are judged before the release is marked as verified, which happens after the whole look. */
function undated(before: IssueState, so: IssueState): IssueState {
  const isOfThisLook = before.verifiedAt === undefined && so.audit.records.at(-1)?.cause === DATED;
  return isOfThisLook ? omit(so, 'verifiedAt') : so;
}

const DATED = 'the release is verified';

/** Without what the look judges after the commands: a check that failed is no news for an approval in the same look. */
function withCommands(event: Event, commands: readonly ObservedCommand[]): Event {
  if (event.type !== 'observed' || event.observation.comments === undefined) return event;
  const comments = { ...event.observation.comments, commands };
  return { ...event, observation: { ...omit(event.observation, 'target', 'checks'), comments } };
}

function decisionOf({ commentId, position, author, role, request, unclear }: ObservedCommand): Decision {
  const by: Decision['by'] =
    author.type === 'User'
      ? {
          kind: 'person',
          login: author.login,
          how: 'github-comment',
          ...(role.kind === 'role' ? { role: role.role } : {}),
        }
      : { kind: 'outside', what: author.login };
  const id = `comment-${commentId}${position === undefined ? '' : `.${position}`}`;
  return { ...request, id, source: 'github', by, ...(unclear === undefined ? {} : { unclear }) };
}

/**
 * Signals, the update and the query of the issue workflow. A handler only puts an event into the inbox; the rules judge
 * it. Bundled for the workflow sandbox: imports contracts and domain only.
 */
import {
  ApplicationFailure,
  defineQuery,
  defineSignal,
  defineUpdate,
  setDefaultSignalHandler,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import {
  type DecideInput,
  type DecideResult,
  type Poke,
  takenText,
  type TurnGiven,
} from '../contracts/messages.ts';
import { MESSAGES } from '../contracts/names.ts';
import { decisionProblem } from '../domain/decision-problem.ts';
import type { Decision, DecisionKind } from '../domain/decision.ts';
import { fieldsOf, isDecisionKind, readDecisionRequest } from '../domain/decision-request.ts';
import type { EventBody } from '../domain/event.ts';
import { type AheadGiven, readAhead, readTurn } from '../domain/line/message.ts';
import { FACETS } from '../domain/observation.ts';
import type { IssueState } from '../domain/state.ts';
import { type IssueStory, issueStory } from '../domain/view.ts';

export const poke = defineSignal<[Poke]>(MESSAGES.poke);
export const approve = defineSignal<[unknown]>(MESSAGES.approve);
export const escalate = defineSignal<[unknown]>(MESSAGES.escalate);
export const decide = defineUpdate<DecideResult, [DecideInput]>(MESSAGES.decide);
export const wake = defineSignal(MESSAGES.wake);
export const turn = defineSignal<[TurnGiven]>(MESSAGES.turn);
export const ahead = defineSignal<[AheadGiven]>(MESSAGES.ahead);
export const story = defineQuery<IssueStory>(MESSAGES.story);

export interface Inbox {
  readonly state: () => IssueState;
  readonly push: (event: EventBody) => void;
}

export function receiveMessages(inbox: Inbox): void {
  setHandler(poke, payload => inbox.push({ type: 'poked', ...readPoke(payload) }));
  setHandler(approve, payload => inbox.push({ type: 'decision', decision: fromSignal(payload, 'approve') }), {
    description: 'Approve at the open gate: {"digest": "…", "by": "login"}',
  });
  setHandler(
    escalate,
    payload => inbox.push({ type: 'decision', decision: fromSignal(payload, 'escalate') }),
    {
      description: 'Ask a person to look at the issue: {"reason": "…", "to": "login", "by": "login"}',
    },
  );
  setHandler(decide, input => takeDecision(inbox, input), {
    validator: (input: DecideInput) => refuseProblem(inbox.state(), input),
    description: 'Make a decision. Refused immediately, with the reason, when it is not possible now.',
  });
  setHandler(wake, () => undefined, {
    description: 'Changes nothing, except that an issue at rest moves to the current build of the workflow.',
  });
  setHandler(turn, payload => {
    const id = readTurn(payload);
    if (id !== undefined) inbox.push({ type: 'turn-given', id });
  });
  setHandler(ahead, payload => {
    const given = readAhead(payload);
    if (given !== undefined) inbox.push({ type: 'ahead-given', ...given });
  });
  setHandler(story, () => issueStory(inbox.state()));
  // An unknown signal must not pile up in the buffer.
  setDefaultSignalHandler(() => undefined);
}

function takeDecision(inbox: Inbox, input: DecideInput): DecideResult {
  const decision = fromUpdate(input);
  inbox.push({ type: 'decision', decision });
  return { taken: takenText(input) };
}

/** Synchronous: an async validator that rejects would fail the workflow task. */
function refuseProblem(state: IssueState, input: DecideInput): void {
  const problem = decisionProblem(state, fromUpdate(input));
  if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem.message, problem.code);
}

/** Any client of the namespace sends what it likes: a word that does not fit its field is dropped, as in a signal. */
function fromUpdate(input: DecideInput): Decision {
  if (!isDecideInput(input)) throw ApplicationFailure.nonRetryable('unknown decision', 'not-now');
  const { id, by, generation } = input;
  return {
    ...readDecisionRequest(input.request, input.request.kind).request,
    id: `update-${id}`,
    ...(generation === undefined ? {} : { generation }),
    source: 'temporal',
    by: { kind: 'person', login: by, how: 'temporal' },
  };
}

function isDecideInput(input: unknown): input is DecideInput {
  const { id, by, generation, request } = fieldsOf(input);
  const isNumbered = generation === undefined || typeof generation === 'number';
  return (
    typeof id === 'string' &&
    typeof by === 'string' &&
    isNumbered &&
    isDecisionKind(fieldsOf(request)['kind'])
  );
}

function fromSignal(payload: unknown, kind: DecisionKind): Decision {
  const { request, by } = readDecisionRequest(payload, kind);
  return {
    ...request,
    id: `signal-${uuid4()}`,
    source: 'temporal',
    by: { kind: 'person', login: by, how: 'temporal' },
  };
}

/** A forged or malformed poke causes one look at every facet. */
function readPoke(payload: unknown): Poke {
  const { facets: given, branch, pull } = fieldsOf(payload);
  const known = Array.isArray(given) ? FACETS.filter(facet => given.includes(facet)) : [];
  if (known.length === 0) return { facets: FACETS };
  return {
    facets: known,
    ...(typeof branch === 'string' ? { branch } : {}),
    ...(typeof pull === 'number' ? { pull } : {}),
  };
}

/** What was handed over to GitHub to be merged: sent, taken, given back by GitHub, or taken back by us. */
import { rule } from '../actor.ts';
import { withDue } from '../due.ts';
import type { EventBody } from '../event.ts';
import { handOverText, isHandedOver, WAY_WORDS } from '../hand-over.ts';
import type { ObservedPullRequest } from '../observation.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { MergeHandOver } from '../state/publication.ts';
import type { Effect } from '../step.ts';
import { type FactOf, type Noted, type Reduced, refuse } from './result.ts';

const GITHUB = { kind: 'outside', what: 'GitHub' } as const;

type Sent = Extract<Effect, { kind: 'hand-over-merge' }>;

/** GitHub may have it from now on, whatever becomes of the answer; and a merge of this head is ours. */
export function withHandOverSent(state: IssueState, { way, head, approval }: Sent): IssueState {
  const { digest, by } = approval;
  const handOver: MergeHandOver = { way, head, digest, at: state.at, readAt: state.at, isSent: true };
  return { ...state, handOver, mergeSent: { head, by } };
}

export function onHandedOver(state: IssueState, { head, position }: FactOf<'handed-over'>): Reduced {
  const { handOver, mergeSent } = state;
  if (handOver?.head !== head || mergeSent === undefined)
    return refuse(`${head} was handed over, which was not requested`);
  const place = position === undefined ? {} : { position };
  const taken: MergeHandOver = { ...omit(handOver, 'isSent'), at: state.at, readAt: state.at, ...place };
  return {
    state: { ...state, handOver: taken },
    note: {
      cause: `handed over to ${handOverText(taken)}`,
      actor: mergeSent.by,
      judgement: 'engineering',
      digests: { head },
    },
  };
}

export function onNeedless(state: IssueState, { head }: FactOf<'hand-over-needless'>): Reduced {
  const { handOver } = state;
  if (handOver?.head !== head) return refuse(`${head} was not to be handed over`);
  return { state: { ...state, handOver: { ...omit(handOver, 'isSent'), isNeedless: true } } };
}

/** It may have been merged just before: the pull request is read before anything else happens. */
export function onTakenBack(state: IssueState, { head }: FactOf<'taken-back'>): Reduced {
  const { handOver } = state;
  if (handOver?.head !== head) return refuse(`${head} was not handed over`);
  return {
    state: withDue(omit(state, 'handOver'), ['pull-request']),
    note: {
      cause: `taken back from ${WAY_WORDS[handOver.way]}`,
      actor: rule('hand over'),
      digests: { head },
    },
  };
}

/** A refusal is clear: GitHub has taken nothing, or gives nothing back. */
export function withoutHandOver(
  state: IssueState,
  { effect, message }: Extract<EventBody, { type: 'step-failed' }>,
): IssueState {
  const { handOver } = state;
  if (effect.kind === 'hand-over-merge') return omit(state, 'handOver');
  if (effect.kind !== 'take-back-merge' || handOver === undefined) return state;
  return { ...state, handOver: { ...handOver, stuck: message } };
}

/** A person says that the cause is fixed. */
export function handedOverAgain(state: IssueState): IssueState {
  const { handOver } = state;
  if (handOver === undefined) return state;
  return isHandedOver(state) ? { ...state, handOver: omit(handOver, 'stuck') } : omit(state, 'handOver');
}

export function onHandOverRead(state: IssueState, { head, handedOver }: ObservedPullRequest): Noted {
  if (handedOver === undefined || !isHandedOver(state) || head !== state.handOver.head) return { state };
  const { returned, position } = handedOver;
  const before = omit(state.handOver, 'position');
  const place = position === undefined ? {} : { position };
  if (returned === undefined)
    return { state: { ...state, handOver: { ...before, readAt: state.at, ...place } } };
  return {
    state: { ...state, handOver: { ...before, readAt: state.at, returned } },
    note: {
      cause: `${WAY_WORDS[before.way]} gave it back: ${returned}`,
      actor: GITHUB,
      digests: { head },
    },
  };
}

/** Facts about what is verified ahead of the turn. What does not fit any more changes nothing, and no failure holds anybody. */
import { rule } from '../actor.ts';
import { aheadProof, isSameBefore } from '../ahead.ts';
import { evidenceConcerns } from '../evidence.ts';
import { omit } from '../omit.ts';
import type { IssueState } from '../state.ts';
import type { Ahead, ChangeBefore } from '../state/ahead.ts';
import type { Verification } from '../state/work.ts';
import type { Effect } from '../step.ts';
import type { FactOf, Noted } from './result.ts';

/** The line says who is merged before this place. Nobody: there is nothing to verify ahead. */
export function onAheadGiven(
  state: IssueState,
  { id, before }: { readonly id: string; readonly before: readonly ChangeBefore[] },
): Noted {
  const { ahead } = state;
  const isKnown = ahead?.id === id && isSameBefore(ahead.before, before);
  if (isKnown || !isWaitingFor(state, id)) return { state };
  if (before.length === 0) return { state: omit(state, 'ahead') };
  const proof = ahead?.proof === undefined ? {} : { proof: ahead.proof };
  return { state: { ...state, ahead: { id, before, ...proof } } };
}

/** Also if the order comes before the answer to the request for the place. */
function isWaitingFor({ mergePlace, sent }: IssueState, id: string): boolean {
  if (mergePlace?.id === id) return mergePlace.turnAt === undefined;
  return sent?.kind === 'join-line' && sent.id === id;
}

export function onAheadBuilt(state: IssueState, { before, built }: FactOf<'ahead-built'>): Noted {
  const { ahead } = state;
  if (ahead === undefined || !isSameBefore(ahead.before, before)) return { state };
  const next: Ahead = built === undefined ? { ...ahead, isOver: true } : { ...ahead, built };
  return { state: { ...state, ahead: next } };
}

export function onAheadVerified(
  state: IssueState,
  { head, baseTree, tree, verification }: FactOf<'ahead-verified'>,
): Noted {
  const { ahead, policy } = state;
  if (ahead === undefined || policy === undefined) return { state };
  const isGood = newFailures(state, verification).length === 0;
  const proof = { head, baseTree, tree, policy: policy.digest, verification };
  const next: Ahead = isGood ? { ...ahead, proof } : { ...omit(ahead, 'proof'), isOver: true };
  return {
    state: { ...state, ahead: next },
    note: {
      cause: isGood ? 'verified ahead of its turn' : 'verified ahead of its turn, with new concerns',
      actor: rule('verification'),
      digests: { commit: head, tree },
    },
  };
}

/** In its turn, the change is verified again before anybody is told. */
function newFailures(
  { evidence }: IssueState,
  { checks, baseRuns, notes = [] }: Verification,
): readonly string[] {
  const claims = { skippedChecks: 0, stopConditionsMet: [] };
  const runs = baseRuns === undefined ? {} : { baseRuns };
  const concerns = evidenceConcerns({ checks, notes, claims, ...runs });
  return concerns.filter(concern => evidence?.concerns.includes(concern) !== true);
}

export function isAhead({ kind }: Effect): boolean {
  return kind === 'build-ahead' || kind === 'verify-ahead';
}

/** It failed, or was lost or delayed. */
export function withoutAhead(state: IssueState): Noted {
  const rest = omit(state, 'sent');
  const { ahead } = rest;
  return { state: ahead === undefined ? rest : { ...rest, ahead: { ...ahead, isOver: true } } };
}

/** The verification of a merge that was verified ahead, as one of this merge. */
export function provenAhead(state: IssueState, built: FactOf<'candidate-built'>): Verification | undefined {
  const { head, base } = built;
  const proof = aheadProof(state, built);
  return proof === undefined ? undefined : { ...proof.verification, commit: head, onto: base };
}

/** Facts about the candidate: built, in conflict, verified, with evidence. Each must be for the effect that was sent. */
import { rule } from '../actor.ts';
import type { IssueState } from '../state.ts';
import type { Candidate } from '../state/publication.ts';
import type { Evidence } from '../state/work.ts';
import { targetBranch, targetText } from '../target.ts';
import { provenAhead } from './ahead.ts';
import { withCarried } from './carry.ts';
import { chain, type FactOf, type Reduced, refuse } from './result.ts';
import { verifiedCause } from './run-facts.ts';

export function onCandidateBuilt(state: IssueState, event: FactOf<'candidate-built'>): Reduced {
  const { base, head, tree, patch, sameFiles = [] } = event;
  const verification = provenAhead(state, event);
  if (head !== state.change?.commit) return refuse(`${head} was merged, but it is not the current change`);
  const candidate: Candidate = {
    ...{ base, head, tree },
    ...(patch === undefined ? {} : { patch }),
    ...(sameFiles.length === 0 ? {} : { sameFiles }),
    ...(verification === undefined ? {} : { verification }),
  };
  const both = sameFiles.length === 0 ? '' : `; both sides changed ${sameFiles.join(', ')}`;
  return {
    state: { ...state, candidate, verificationsLost: 0 },
    note: {
      cause: `${targetText(targetBranch(state))} at ${base.slice(0, 12)} and the head merge cleanly${both}${verification === undefined ? '' : '; verified ahead'}`,
      actor: rule('change judgement'),
      digests: { base, head, tree, ...(patch === undefined ? {} : { patch }) },
    },
  };
}

export function onCandidateVerified(
  state: IssueState,
  { verification }: FactOf<'candidate-verified'>,
): Reduced {
  const { candidate } = state;
  const isIt = candidate?.head === verification.commit && candidate.base === verification.onto;
  if (candidate === undefined || !isIt) return refuse('it is not for the merge that was asked for');
  return {
    state: { ...state, candidate: { ...candidate, verification } },
    note: {
      cause: `the merge into ${candidate.base.slice(0, 12)} was ${verifiedCause(verification)}`,
      actor: rule('verification'),
      digests: { base: candidate.base, commit: verification.commit, tree: candidate.tree },
    },
  };
}

/** With the evidence of what would be merged, approvals are carried over or void. */
export function onCandidateEvidence(state: IssueState, evidence: Evidence): Reduced {
  const { candidate } = state;
  const isIt = candidate?.head === evidence.commit && candidate.base === evidence.onto;
  if (candidate === undefined || !isIt) return refuse('the evidence is not for the merge that was asked for');
  const late = state.merge === undefined ? {} : { isLate: true as const };
  const proven = { ...state, candidate: { ...candidate, evidence, provenAt: state.at, ...late } };
  const note = {
    cause: `the evidence for a merge into ${candidate.base.slice(0, 12)} was assembled`,
    actor: rule('lifecycle'),
    digests: { evidence: evidence.digest, base: candidate.base },
  };
  return chain({ state: proven, note }, withCarried);
}

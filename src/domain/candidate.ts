/**
 * The candidate: what a merge of the present target branch and our head makes. It is verified in place of the head when the
 * target branch has moved below a change that stays as it is; after a merge, when something else arrived than was verified.
 */
import { baseOf, currentChange, headNow, headStays } from './facts.ts';
import type { IssueState } from './state.ts';
import type { Candidate } from './state/publication.ts';
import type { Change, RunFacts } from './state/work.ts';

/** A candidate with its evidence. */
export type ProvenCandidate = Candidate & Required<Pick<Candidate, 'verification' | 'evidence' | 'provenAt'>>;

export interface TargetMove {
  /** The commit of the target branch into which the head is merged, or was. */
  readonly base: string;
  readonly change: Change;
  /** The parent of the change. */
  readonly from: string;
}

/** Undefined while the change is on the target branch as it is known, and where that does not matter. */
export function moved(state: IssueState): TargetMove | undefined {
  const change = state.merge === undefined ? currentChange(state) : mergedChange(state);
  const run = runOf(state, change);
  const base = state.merge === undefined ? headNow(state) : state.arrival?.base;
  if (change === undefined || run === undefined || base === undefined || !headStays(state, change))
    return undefined;
  const from = baseOf(change, run);
  return from === base ? undefined : { base, change, from };
}

/** Our change, if exactly its commit was merged. */
export function mergedChange({ merge, change }: IssueState): Change | undefined {
  return merge !== undefined && change?.commit === merge.head ? change : undefined;
}

function runOf({ runs }: IssueState, change: Change | undefined): RunFacts | undefined {
  return runs.find(({ runId }) => runId === change?.runId);
}

/** For the target branch as it is known, or as it was merged into. */
export function currentCandidate(state: IssueState): Candidate | undefined {
  const now = moved(state);
  const { candidate } = state;
  const isIt = now !== undefined && candidate?.base === now.base && candidate.head === now.change.commit;
  return isIt ? candidate : undefined;
}

export function provenCandidate(state: IssueState): ProvenCandidate | undefined {
  const candidate = currentCandidate(state);
  const { verification, evidence, provenAt } = candidate ?? {};
  if (candidate === undefined || verification === undefined || evidence === undefined) return undefined;
  return { ...candidate, verification, evidence, provenAt: provenAt ?? state.at };
}

/** Before a merge the target branch is read again: its verification takes minutes. */
export function isBaseOld(state: IssueState): boolean {
  const { provenAt } = provenCandidate(state) ?? {};
  return provenAt !== undefined && (state.policyReadAt ?? 0) < provenAt;
}

/** What its evidence says that the evidence of the change alone does not. */
export function newConcerns(state: IssueState): readonly string[] {
  const known = state.evidence?.concerns ?? [];
  const { concerns = [] } = provenCandidate(state)?.evidence ?? {};
  return concerns.filter(concern => !known.includes(concern));
}

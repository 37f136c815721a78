/**
 * Verifies a change while it waits in the line of merges, on the tree that those before it will make. Nothing depends on it:
 * in its turn, its verification counts only for a merge that has the same trees.
 */
import { headStays } from './facts.ts';
import type { IssueState } from './state.ts';
import type { Ahead, AheadProof, ChangeBefore } from './state/ahead.ts';
import type { MergePlace } from './state/publication.ts';
import type { Change } from './state/work.ts';
import type { Effect, Step } from './step.ts';

type VerifyAhead = Extract<Effect, { kind: 'verify-ahead' }>;

/** Undefined if nothing is left to do before the turn. */
export function aheadStep(state: IssueState, place: MergePlace, change: Change): Step | undefined {
  const ahead = currentAhead(state, place);
  if (ahead === undefined || !isWanted(state, ahead) || !headStays(state, change)) return undefined;
  const running = runningAhead(state, place);
  if (running !== undefined) return { kind: 'effect', effect: running };
  const { id, before, built, isOver } = ahead;
  const { commit: head, runId, files } = change;
  if (isOver === true) return undefined;
  if (built === undefined)
    return { kind: 'effect', effect: { kind: 'build-ahead', id, target: place.target, before, head } };
  if (aheadProof(state, { head, ...built }) !== undefined) return undefined;
  const { base, tree } = built;
  return { kind: 'effect', effect: { kind: 'verify-ahead', runId, id, base, before, head, tree, files } };
}

function isWanted(state: IssueState, { before }: Ahead): boolean {
  return before.length <= placesAhead(state);
}

/** How many places after the turn the policy lets be verified ahead. */
export function placesAhead({ policy }: IssueState): number {
  const { line } = policy?.merge ?? {};
  return line === undefined || line === false ? 0 : line.ahead;
}

/**
 * A verification in flight goes on when those at the front are merged, and in the turn itself: it most likely is the one that
 * counts.
 */
export function runningAhead(state: IssueState, place: MergePlace): VerifyAhead | undefined {
  const { sent } = state;
  const ahead = currentAhead(state, place);
  if (sent?.kind !== 'verify-ahead' || ahead === undefined) return undefined;
  const left = place.turnAt === undefined ? ahead.before : [];
  const isSame = sent.id === place.id && sent.head === place.head && isEndOf(left, sent.before);
  return isSame ? sent : undefined;
}

function currentAhead({ ahead }: IssueState, { id }: MergePlace): Ahead | undefined {
  return ahead?.id === id ? ahead : undefined;
}

function isEndOf(left: readonly ChangeBefore[], all: readonly ChangeBefore[]): boolean {
  const end = left.length === 0 ? [] : all.slice(-left.length);
  return isSameBefore(left, end);
}

export function isSameBefore(some: readonly ChangeBefore[], others: readonly ChangeBefore[]): boolean {
  const words = (all: readonly ChangeBefore[]): string => all.map(one => `${one.issue} ${one.head}`).join();
  return words(some) === words(others);
}

/** The verification that counts for a merge with these trees, under the policy as it is. */
export function aheadProof(
  { ahead, policy }: IssueState,
  { head, baseTree, tree }: Pick<AheadProof, 'head' | 'tree'> & { readonly baseTree?: string | undefined },
): AheadProof | undefined {
  const { proof } = ahead ?? {};
  const isSame = proof?.head === head && proof.tree === tree && proof.baseTree === baseTree;
  return isSame && proof.policy === policy?.digest ? proof : undefined;
}

/** Builds and verifies what a merge makes, and assembles its evidence. */
import { currentCandidate, moved } from './candidate.ts';
import type { IssueState } from './state.ts';
import type { Step } from './step.ts';

export function candidateStep(state: IssueState): Step | undefined {
  const now = moved(state);
  if (now === undefined) return undefined;
  const { base, from, change } = now;
  const { runId, commit: head, files } = change;
  const candidate = currentCandidate(state);
  const merging = { runId, base, head, from };
  if (candidate === undefined) return { kind: 'effect', effect: { kind: 'build-candidate', ...merging } };
  const { tree, verification, evidence } = candidate;
  if (verification === undefined)
    return { kind: 'effect', effect: { kind: 'verify-candidate', ...merging, tree, files } };
  if (evidence !== undefined) return undefined;
  return { kind: 'effect', effect: { kind: 'assemble-evidence', runId, commit: head, onto: base } };
}

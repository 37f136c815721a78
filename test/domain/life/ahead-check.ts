/** 29, independent of src/domain: what was verified ahead counts only for exactly the same trees, under the same policy. */
import type { Event } from '../../../src/domain/event.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import type { Effect } from '../../../src/domain/step.ts';
import { must } from './invariants.ts';

type AheadEffect = Extract<Effect, { kind: 'build-ahead' | 'verify-ahead' }>;

/** Only behind others, in the place that the line has for the pushed head. */
export function beginsAhead(state: IssueState, { kind, id, before, head }: AheadEffect): void {
  const { mergePlace: place, policy } = state;
  must('29 in turn', place?.id === id && place.turnAt === undefined, `${kind} without waiting for its turn`);
  must('29 in turn', before.length > 0, `${kind} behind nobody`);
  must('4 one commit', head === state.pushed && head === state.change?.commit, `${kind} of ${head}`);
  must('29 in turn', policy?.merge.upToDate === true, `${kind} although the head will be built again`);
}

/** Each verification, and under which policy: by content, so equal in all worlds. */
const proofs = new Set<string>();

export function checkAhead(before: IssueState, event: Event, after: IssueState): void {
  if (event.type === 'ahead-verified')
    proofs.add(proofOf(before, [event.head, event.baseTree, event.tree], event.verification.checks));
  const isNew = after.candidate?.verification !== before.candidate?.verification;
  const { verification } = after.candidate ?? {};
  if (!isNew || verification === undefined) return;
  must('29 merged', verification.commit === after.candidate?.head, 'a verification of another head counts');
  must('29 merged', verification.onto === after.candidate?.base, 'a verification for another base counts');
  if (event.type === 'candidate-verified') return;
  const trees = event.type === 'candidate-built' ? [event.head, event.baseTree ?? '', event.tree] : [];
  must('29 merged', proofs.has(proofOf(after, trees, verification.checks)), 'nobody verified these trees');
}

function proofOf({ policy }: IssueState, trees: readonly string[], checks: unknown): string {
  return JSON.stringify([policy?.digest, ...trees, checks]);
}

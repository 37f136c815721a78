/** What an approval given now would be bound to. */
import type { Bound } from './bound.ts';
import type { Gate } from './decision.ts';
import { digestOf } from './digest.ts';
import { provenCandidate } from './candidate.ts';
import { currentBase, currentChange, currentEvidence, entryRisk, modeOf } from './facts.ts';
import type { ObservedIssue } from './observation.ts';
import type { IssueState } from './state.ts';
import { targetBranch } from './target.ts';

export function boundTo(state: IssueState, gate: Gate): Bound {
  const bound = {
    generation: String(state.generation),
    subject: editionOf(state.subject),
    policy: state.policy?.digest,
    mode: modeOf(state),
    entryRisk: entryRisk(state).level,
    target: targetBranch(state),
  };
  if (gate === 'start') return present(bound);
  const change = currentChange(state);
  // What is merged is verified on the present target branch; what is pushed, and what was merged, on its own base.
  const candidate = gate === 'merge' ? provenCandidate(state) : undefined;
  const own = { base: currentBase(state), patch: change?.patch, evidence: currentEvidence(state) };
  const { base, patch, evidence } = candidate ?? own;
  return present({
    ...bound,
    ...{ base, patch },
    head: change?.commit,
    evidence: evidence?.digest,
    merge: gate === 'release' ? state.merge?.commit : undefined,
  });
}

/**
 * The issue text in its present edition. The secret was drawn after the latest edit was read, so an approval that names
 * the digest was given after the gate had shown it: the order needs no clock. An earlier approval names another secret.
 */
function editionOf(subject: ObservedIssue | undefined): string | undefined {
  if (subject?.secret === undefined) return subject?.digest;
  return digestOf({ text: subject.digest, secret: subject.secret });
}

function present(bound: Readonly<Record<string, string | undefined>>): Bound {
  return Object.fromEntries(Object.entries(bound).filter(([, value]) => value !== undefined));
}

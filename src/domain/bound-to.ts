/** What an approval given now would be bound to. */
import type { Bound } from './bound.ts';
import type { Gate } from './decision.ts';
import { currentBase, currentChange, currentEvidence, entryRisk, modeOf } from './facts.ts';
import type { IssueState } from './state.ts';

export function boundTo(state: IssueState, gate: Gate): Bound {
  const bound = {
    generation: String(state.generation),
    subject: state.subject?.digest,
    policy: state.policy?.digest,
    mode: modeOf(state),
    entryRisk: entryRisk(state).level,
  };
  if (gate === 'start') return present(bound);
  const change = currentChange(state);
  return present({
    ...bound,
    base: currentBase(state),
    head: change?.commit,
    evidence: currentEvidence(state)?.digest,
    merge: gate === 'release' ? state.merge?.commit : undefined,
  });
}

function present(bound: Readonly<Record<string, string | undefined>>): Bound {
  return Object.fromEntries(Object.entries(bound).filter(([, value]) => value !== undefined));
}

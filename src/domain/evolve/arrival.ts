/** What a merge made of our head, as git reads it. */
import type { IssueState } from '../state.ts';
import { type FactOf, type Reduced, refuse } from './result.ts';

export function onArrived(state: IssueState, { arrival }: FactOf<'arrived'>): Reduced {
  const { merge, change } = state;
  if (arrival.commit !== merge?.commit) return refuse(`${arrival.commit} is not the merge`);
  const isAsVerified = [change?.tree, state.candidate?.tree].includes(arrival.tree);
  const { commit, tree, base } = arrival;
  return {
    state: { ...state, arrival },
    note: {
      cause: isAsVerified ? 'what was merged is the verified tree' : 'what was merged is another tree',
      actor: { kind: 'outside', what: 'GitHub' },
      digests: { merge: commit, tree, base },
    },
  };
}

/** The target branch must be clear, read and there before an issue is worked on; a claim stays with its branch. */
import { blockedHold } from './hold.ts';
import type { IssueState } from './state.ts';
import type { Effect, Step } from './step.ts';
import { targetBranch, targetChange, targetConflict, targetText } from './target.ts';

/** Pause between two searches for a missing branch; it grows the longer the branch is missing. */
const SEEK_MS = { min: 60_000, max: 30 * 60_000 } as const;

/** Of branches that contradict each other, in the reason of the hold. */
const NAMED_MAX = 5;

export function targeted(state: IssueState): Step | undefined {
  const { subject, repository } = state;
  if (subject === undefined || repository === undefined) return undefined;
  const step = conflictHold(state) ?? changeHold(state);
  if (step !== undefined) return step;
  const branch = targetBranch(state);
  if (repository.target?.branch !== branch)
    return { kind: 'effect', effect: policyReading(state, `the target is ${targetText(branch)}`) };
  return repository.target?.isMissing === true ? missingHold(state, repository.target.branch) : undefined;
}

/** Reads the policy together with the target branch. */
export function policyReading(state: IssueState, because: string): Extract<Effect, { kind: 'read-policy' }> {
  const target = targetBranch(state);
  return { kind: 'read-policy', because, ...(target === undefined ? {} : { target }) };
}

function conflictHold(state: IssueState): Step | undefined {
  const named = targetConflict(state);
  if (named.length === 0) return undefined;
  const shown = named.slice(0, NAMED_MAX).map(({ by, branch }) => `${by}: ${branch}`);
  const more = named.length > NAMED_MAX ? `; ${named.length - NAMED_MAX} more` : '';
  return blockedHold(state, {
    reason: `labels and milestone name different target branches (${shown.join('; ')}${more})`,
    fix: 'keep the label or milestone of one branch and remove the others, or /cancel',
  });
}

/** What was done is for the branch of the claim. Only a person can say that it is done again elsewhere. */
function changeHold(state: IssueState): Step | undefined {
  const change = targetChange(state);
  if (change === undefined) return undefined;
  const [from, to] = [targetText(change.from), targetText(change.to)];
  return blockedHold(state, {
    reason: `the target branch changed from ${from} to ${to} after the work began`,
    fix: `/retry to begin again on ${to}, change the label or milestone back to continue on ${from}, or /cancel`,
  });
}

function missingHold(state: IssueState, branch: string): Step {
  const hold = blockedHold(state, {
    reason: `the target branch ${branch} does not exist`,
    fix: `create ${branch} (it is found by itself), change the label, the milestone or target in the policy, or /cancel`,
  });
  // While it is being looked for, no timer is needed, and one in the past would fire at once, again and again.
  return state.due.branch === undefined ? { ...hold, until: seekAgainAt(state) } : hold;
}

/** Epoch milliseconds. */
function seekAgainAt({ at, held, policyReadAt = at, targetSoughtAt = 0 }: IssueState): number {
  const soughtAt = Math.max(policyReadAt, targetSoughtAt);
  const quarter = (soughtAt - (held?.since ?? soughtAt)) / 4;
  return soughtAt + Math.min(SEEK_MS.max, Math.max(SEEK_MS.min, quarter));
}

/**
 * The target branch: where the change of an issue goes. The policy chooses it from the labels and the milestone until the
 * claim; from then on it is the branch of the claim. Absent means the default branch.
 */
import type { ObservedIssue } from './observation.ts';
import type { TargetPolicy } from './policy.ts';
import type { Reading, RepositoryFacts } from './state/reading.ts';
import type { Work } from './state/work.ts';

export interface NamedTarget {
  readonly branch: string;
  /** What names it, for people. */
  readonly by: string;
}

export interface TargetChange {
  readonly from?: string;
  readonly to?: string;
}

/** What the labels and the milestone name, each branch once, in the order of the policy. */
export function namedTargets(
  policy: TargetPolicy | undefined,
  { labels, milestone }: Pick<ObservedIssue, 'labels' | 'milestone'>,
): readonly NamedTarget[] {
  const named = [
    ...namedIn(policy?.byLabel, labels).map(({ key, branch }) => ({ branch, by: `label “${key}”` })),
    ...namedIn(policy?.byMilestone, milestone === undefined ? [] : [milestone]).map(({ key, branch }) => ({
      branch,
      by: `milestone “${key}”`,
    })),
  ];
  return named.filter(({ branch }, index) => named.findIndex(other => other.branch === branch) === index);
}

/** GitHub does not distinguish labels by case. */
function namedIn(
  rules: Readonly<Record<string, string>> = {},
  given: readonly string[],
): readonly { readonly key: string; readonly branch: string }[] {
  const folded = given.map(name => name.toLowerCase());
  return Object.entries(rules)
    .map(([key, branch]) => ({ key, branch }))
    .filter(({ key }) => folded.includes(key.toLowerCase()));
}

/** What names different branches. Empty if there is no contradiction. */
export function targetConflict(state: Reading): readonly NamedTarget[] {
  const named = targetsOf(state);
  return named.length > 1 ? named : [];
}

/** The branch for the work on the issue: that of the claim, otherwise the one that labels, milestone and policy name now. */
export function targetBranch(state: Reading & Work): string | undefined {
  const claim = claimOf(state);
  return claim === undefined ? wantedTarget(state) : claim.into;
}

/** The target is another one now than at the claim. A contradiction is no change. */
export function targetChange(state: Reading & Work): TargetChange | undefined {
  const claim = claimOf(state);
  if (claim === undefined || state.subject === undefined || targetConflict(state).length > 0)
    return undefined;
  const [from, to] = [claim.into, wantedTarget(state)];
  const { defaultBranch } = state.repository ?? {};
  // A target branch can become the default branch: it is the same branch.
  if ((from ?? defaultBranch) === (to ?? defaultBranch)) return undefined;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** The head of the target branch when the policy was read; `undefined` if the branch was never seen. */
export function targetHead(repository: RepositoryFacts): string | undefined {
  const { target, head } = repository;
  return target === undefined ? head : target.head;
}

/** For people, where the branch has no name without the repository's facts. */
export function targetText(branch: string | undefined): string {
  return branch ?? 'the default branch';
}

function claimOf({ claim, claimSent }: Work): Work['claim'] {
  return claim ?? claimSent;
}

function targetsOf({ policy, subject }: Reading): readonly NamedTarget[] {
  return subject === undefined ? [] : namedTargets(policy?.target, subject);
}

/** While labels and milestone contradict each other, it stays as it was. */
function wantedTarget(state: Reading): string | undefined {
  const { policy, repository } = state;
  const named = targetsOf(state);
  if (named.length > 1) return repository?.target?.branch;
  const branch = named[0]?.branch ?? policy?.target?.branch;
  return branch === repository?.defaultBranch ? undefined : branch;
}

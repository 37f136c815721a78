/** What the rules of the target branch refuse, stated anew: no merge begins against them, and a hold about them is true. */
import type { MergeRules } from '../../../src/domain/merge-rules.ts';
import type { IssueState } from '../../../src/domain/state.ts';
import { must } from './invariants.ts';

/** What acts can make of the rules, from none on. */
export const RULES: readonly (MergeRules | undefined)[] = [
  undefined,
  { linearHistory: true },
  undefined,
  { mergeQueue: true },
  { mergeMethods: ['squash'] },
  { threadsResolved: true },
  { signatures: true },
  { codeOwners: true, deployments: ['staging'] },
  { update: true },
  { ownCheck: 'signalbox/evidence' },
];

/** By the latest reading of this head. */
export function refusals(state: IssueState): readonly string[] {
  const { checks, pushed, policy, pullRequest, change } = state;
  const rules = checks !== undefined && checks.head === pushed ? (checks.rules ?? {}) : {};
  const way = policy?.merge.method ?? 'merge';
  const isMergeCommit = way === 'merge';
  // A queue merges in its own way.
  const isOurs = policy?.merge.handOver !== 'queue';
  const allowed = [state.repository?.mergeMethods, rules.mergeMethods];
  const all: readonly (readonly [boolean, string])[] = [
    [rules.mergeQueue === true, 'merge queue'],
    [rules.update === true, 'restricted'],
    [rules.linearHistory === true && isMergeCommit, 'linear history'],
    [allowed.some(ways => ways?.includes(way) === false), 'does not allow'],
    [rules.signatures === true && (way === 'rebase' || (isMergeCommit && !change?.signature)), 'signed'],
    [rules.threadsResolved === true && (pullRequest?.unresolvedThreads ?? 0) > 0, 'not resolved'],
  ];
  const ofOthers = all.filter(([is, what]) => is && (isOurs || what === 'not resolved'));
  return [...(isAwaited(state, rules) ? ['requires the check'] : []), ...ofOthers.map(([, what]) => what)];
}

/** A check of ours that is required, and that nobody reports on what is merged. */
function isAwaited({ policy }: IssueState, { ownCheck }: MergeRules): boolean {
  const isReported = policy?.evidence !== undefined && ownCheck === 'signalbox/evidence';
  return ownCheck !== undefined && !(isReported && policy.merge.handOver !== 'queue');
}

export function beginsAllowed(state: IssueState): void {
  const [first] = refusals(state);
  must('7 merge', first === undefined, `it begins against a rule: ${first ?? ''}`);
}

const ABOUT =
  /is merged by a merge queue|updates of .* are restricted|requires a linear history|does not allow \w+ (?:commits|merges)|requires signed commits|requires the check|not resolved, and/;

export const isAboutRules = (why: string): boolean => ABOUT.test(why) && !isAboutSettings(why);

/** They come with the policy, and are read again with a `/retry`. */
export const isAboutSettings = (why: string): boolean => why.startsWith('the repository does not allow');

export function isTrueOfRules(state: IssueState, why: string): void {
  if (ABOUT.test(why))
    must(
      '21 in vain',
      refusals(state).some(what => why.includes(what)),
      `no rule says so: ${why}`,
    );
}

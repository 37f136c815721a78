/** What rules require of a branch, from rulesets and from branch protection together. Pure. */
import type { MergeRules } from '../domain/merge-rules.ts';
import { MERGE_METHODS, type MergeMethod } from '../domain/policy.ts';

/** What is required of a branch, from all its rules together. An absent member: no rule. */
export interface BranchRules {
  readonly signatures?: true;
  /** Only who may bypass the rule can create the branch. */
  readonly creation?: true;
  /** Only who may bypass the rule can update it. */
  readonly update?: true;
  readonly linearHistory?: true;
  readonly mergeQueue?: true;
  readonly pullRequest?: PullRequestRule;
  /** Names of status checks and check runs. */
  readonly checks?: readonly string[];
  /** The head must contain the latest commit of the branch. */
  readonly upToDate?: true;
  /** Environments to which the head must have been deployed. */
  readonly deployments?: readonly string[];
  readonly patterns?: readonly PatternRule[];
  /** Types of rules that restrict files. */
  readonly files?: readonly string[];
  /** Types of other rules. */
  readonly others?: readonly string[];
}

export interface PullRequestRule {
  readonly approvals: number;
  readonly codeOwners: boolean;
  /** A push voids the reviews before it. */
  readonly dismissStale: boolean;
  /** Someone other than who pushed last must approve. */
  readonly lastPush: boolean;
  readonly threadsResolved: boolean;
  /** Absent: those of the repository. */
  readonly mergeMethods?: readonly MergeMethod[];
}

/** A rule about texts: `commit_message_pattern`, `commit_author_email_pattern`, `committer_email_pattern`, `branch_name_pattern`. */
export interface PatternRule {
  readonly type: string;
  readonly operator: 'starts_with' | 'ends_with' | 'contains' | 'regex';
  readonly pattern: string;
  /** The text must not match. */
  readonly negate: boolean;
}

/** What they say about merges; undefined: nothing. */
export function mergeRulesOf(all: BranchRules): MergeRules | undefined {
  const { update, mergeQueue, linearHistory, signatures, deployments, pullRequest } = all;
  const { mergeMethods, threadsResolved, codeOwners } = pullRequest ?? {};
  const isLimited = mergeMethods !== undefined && mergeMethods.length < MERGE_METHODS.length;
  const found = Object.entries({
    ...{ update, mergeQueue, linearHistory, signatures, deployments, threadsResolved, codeOwners },
    mergeMethods: isLimited ? mergeMethods : undefined,
  }).filter(([, rule]) => rule !== undefined && rule !== false);
  return found.length === 0 ? undefined : Object.fromEntries(found);
}

/** Both kinds of rules hold: the stricter value counts. */
export function joinedRules(all: readonly BranchRules[]): BranchRules {
  const pullRequest = all.reduce<PullRequestRule | undefined>(
    (sum, rules) => stricter(sum, rules.pullRequest),
    undefined,
  );
  const [switches, checks, deployments, patterns, files, others] = [
    Object.assign({}, ...all) as BranchRules,
    union(all, rules => rules.checks),
    union(all, rules => rules.deployments),
    union(all, rules => rules.patterns),
    union(all, rules => rules.files),
    union(all, rules => rules.others),
  ];
  return {
    ...switches,
    ...(pullRequest === undefined ? {} : { pullRequest }),
    ...(checks.length === 0 ? {} : { checks }),
    ...(deployments.length === 0 ? {} : { deployments }),
    ...(patterns.length === 0 ? {} : { patterns }),
    ...(files.length === 0 ? {} : { files }),
    ...(others.length === 0 ? {} : { others }),
  };
}

function union<T>(
  all: readonly BranchRules[],
  listOf: (rules: BranchRules) => readonly T[] | undefined,
): readonly T[] {
  return [...new Set(all.flatMap(rules => listOf(rules) ?? []))];
}

function stricter(one?: PullRequestRule, other?: PullRequestRule): PullRequestRule | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  const methods = [one.mergeMethods, other.mergeMethods].filter(list => list !== undefined);
  return {
    approvals: Math.max(one.approvals, other.approvals),
    codeOwners: one.codeOwners || other.codeOwners,
    dismissStale: one.dismissStale || other.dismissStale,
    lastPush: one.lastPush || other.lastPush,
    threadsResolved: one.threadsResolved || other.threadsResolved,
    ...(methods.length === 0
      ? {}
      : { mergeMethods: MERGE_METHODS.filter(method => methods.every(list => list.includes(method))) }),
  };
}

/** What the rules and settings of a repository will refuse, found before the first run: each with its fix. Pure. */
import { ownCheckIn } from '../../../domain/own-check.ts';
import { fixOf } from '../../../domain/failure.ts';
import type { HandOverWay, MergeMethod } from '../../../domain/policy.ts';
import {
  closedProblem,
  handOverProblem,
  type MergeProblem,
  methodProblems,
  ownCheckProblem,
  queueProblem,
  type WayOfMerging,
} from '../../../domain/merge-rules.ts';
import { type BranchRules, mergeRulesOf, type PatternRule } from '../../../github/branch-rules.ts';

export interface RuleFacts {
  /** The branch that changes go to. */
  readonly targetBranch: string;
  /** A branch of Signalbox, as an example. */
  readonly ownBranch: string;
  /** Without the rules that our account may bypass. */
  readonly rules: { readonly target: BranchRules; readonly own: BranchRules };
  /** Absent: GitHub does not tell. */
  readonly mergeMethods?: readonly MergeMethod[];
  readonly isSigned: boolean;
  readonly commitEmail: string;
  /** Absent: there is no valid policy yet; without a word of it, a person merges. */
  readonly mergeBy?: 'scheduler' | 'person';
  /** Of a merge by the scheduler. */
  readonly method: MergeMethod;
  /** Absent: the scheduler merges itself. */
  readonly handOver?: HandOverWay;
  readonly isEvidencePublished?: true;
  /** Absent: GitHub does not tell. */
  readonly allowAutoMerge?: boolean;
  /** Absent: there is no valid policy yet. */
  readonly upToDate?: boolean | 'head';
}

export interface RuleFinding {
  readonly what: string;
  readonly fix: string;
  /** False: it may refuse something, or a person must know it. */
  readonly isCertain: boolean;
}

export function ruleFindings(facts: RuleFacts): readonly RuleFinding[] {
  return [
    ...signatures(facts),
    ...ofOwnBranch(facts),
    ...ofMerge(facts),
    ...ofHead(facts),
    ...ofReview(facts),
  ];
}

function certain(what: string, fix: string): RuleFinding {
  return { what, fix, isCertain: true };
}

function possible(what: string, fix: string): RuleFinding {
  return { what, fix, isCertain: false };
}

function signatures({ rules, isSigned, ownBranch, targetBranch }: RuleFacts): readonly RuleFinding[] {
  const where = rules.own.signatures === true ? ownBranch : targetBranch;
  const isWanted = rules.own.signatures === true || rules.target.signatures === true;
  return isWanted && !isSigned
    ? [certain(`${where} requires signed commits, and no signing key is set`, fixOf('SignatureRequired'))]
    : [];
}

function ofOwnBranch({ rules: { own }, ownBranch, commitEmail }: RuleFacts): readonly RuleFinding[] {
  const closed = [
    ...when(own.creation === true, 'the creation of branches is restricted'),
    ...when(own.update === true, 'updates are restricted'),
    ...when(own.pullRequest !== undefined, 'changes need a pull request'),
    ...when(own.mergeQueue === true, 'changes need the merge queue'),
    ...(own.checks === undefined ? [] : [`status checks are required (${own.checks.join(', ')})`]),
    ...(own.deployments === undefined ? [] : [`deployments are required (${own.deployments.join(', ')})`]),
  ];
  const files = (own.files ?? []).join(', ');
  return [
    ...closed.map(what => certain(`${ownBranch}: ${what}`, fixOf('BranchRefused'))),
    ...(own.patterns ?? []).flatMap(rule => ofPattern(rule, ownBranch, commitEmail)),
    ...(files === ''
      ? []
      : [
          possible(
            `${ownBranch}: files are restricted (${files})`,
            'check that change.allowedPaths of the policy allows no path that these rules refuse',
          ),
        ]),
  ];
}

function ofPattern(rule: PatternRule, ownBranch: string, email: string): readonly RuleFinding[] {
  const texts: Readonly<Record<string, string>> = {
    branch_name_pattern: ownBranch,
    commit_author_email_pattern: email,
    committer_email_pattern: email,
  };
  const text = texts[rule.type];
  const isMet = text === undefined ? undefined : isMetBy(rule, text);
  if (isMet === true) return [];
  const words = `${rule.type} ${rule.negate ? 'not ' : ''}${rule.operator} ${rule.pattern.slice(0, 200)}`;
  const fix = fixOf(rule.type === 'branch_name_pattern' ? 'BranchRefused' : 'CommitTextRefused');
  return isMet === false
    ? [certain(`${ownBranch}: ${words} refuses ${text ?? ''}`, fix)]
    : [possible(`${ownBranch}: ${words} may refuse commits of Signalbox`, fix)];
}

/** Undefined for a regular expression: GitHub's are of another kind, and a foreign one is not run here. */
function isMetBy({ operator, pattern, negate }: PatternRule, text: string): boolean | undefined {
  switch (operator) {
    case 'starts_with':
      return text.startsWith(pattern) !== negate;
    case 'ends_with':
      return text.endsWith(pattern) !== negate;
    case 'contains':
      return text.includes(pattern) !== negate;
    case 'regex':
      return undefined;
  }
}

function ofMerge(facts: RuleFacts): readonly RuleFinding[] {
  const { rules, mergeBy = 'person', mergeMethods: allowed, method, targetBranch: branch } = facts;
  const ownCheck = ownCheckIn(rules.target.checks ?? []);
  const target = { ...mergeRulesOf(rules.target), ...(ownCheck === undefined ? {} : { ownCheck }) };
  const way = { branch, rules: target, method, ...(allowed === undefined ? {} : { allowed }) };
  // A person who merges may use any way that GitHub offers.
  if (mergeBy === 'person') return branchProblems(way).map(({ what, fix }) => possible(what, fix));
  const { handOver } = facts;
  // A queue merges in its own way.
  const ofWay = handOver === 'queue' ? [] : [...methodProblems(way), ...branchProblems(way)];
  const ofOwnCheck = ownCheckProblem(way, { isPublished: facts.isEvidencePublished === true, handOver });
  const problems = ofOwnCheck === undefined ? ofWay : [ofOwnCheck, ...ofWay];
  return [...problems.map(({ what, fix }) => certain(what, fix)), ...ofHandOver(facts, way, handOver)];
}

function branchProblems({ branch, rules }: WayOfMerging): readonly MergeProblem[] {
  return [
    ...(rules.mergeQueue === true ? [queueProblem(branch)] : []),
    ...(rules.update === true ? [closedProblem(branch)] : []),
  ];
}

function ofHandOver(
  { allowAutoMerge }: RuleFacts,
  way: WayOfMerging,
  handOver: HandOverWay | undefined,
): readonly RuleFinding[] {
  const problem = handOver === undefined ? undefined : handOverProblem(way, handOver, allowAutoMerge);
  return problem === undefined ? [] : [certain(problem.what, problem.fix)];
}

/** Rules that demand up-to-date heads, and what each new head costs. A merge queue needs no new heads. */
function ofHead({ rules: { target }, targetBranch, upToDate }: RuleFacts): readonly RuleFinding[] {
  const demands = `${targetBranch} requires that a head contains its latest commit`;
  if (target.upToDate === true && upToDate === true)
    return [possible(`${demands}, and merge.upToDate leaves heads as they are`, HEAD_FIX)];
  const { dismissStale = false, lastPush = false } = target.pullRequest ?? {};
  if (upToDate !== 'head' || !(dismissStale || lastPush)) return [];
  const why = dismissStale ? 'dismisses reviews on each push' : 'wants a review after the last push';
  return [
    possible(
      `${targetBranch} ${why}, so people are asked again each time it moves below a pull request`,
      'use GitHub’s merge queue with merge.upToDate: false, or let reviews stay on a push of the same patch',
    ),
  ];
}

const HEAD_FIX =
  'use GitHub’s merge queue with merge.upToDate: false, or set merge.upToDate: head, which pushes a new head each time the branch moves';

/** What people must know: GitHub refuses the merge until it is met. */
function ofReview({ rules: { target }, targetBranch }: RuleFacts): readonly RuleFinding[] {
  const { pullRequest = NO_RULE, checks = [], deployments = [] } = target;
  const { approvals, codeOwners, threadsResolved } = pullRequest;
  const reviews = `${approvals} approving review${approvals === 1 ? '' : 's'}`;
  const wanted = [
    ...when(approvals > 0, `${reviews}${codeOwners ? ' with one of a code owner' : ''}`),
    ...when(threadsResolved, 'resolved conversations'),
    ...when(checks.length > 0, `the checks ${checks.join(', ')}`),
    ...when(deployments.length > 0, `deployments to ${deployments.join(', ')}`),
  ];
  const fix =
    'approve at the merge gate by a review on the pull request, after the rest is met: /approve alone does not count for GitHub';
  const what = `${targetBranch} is merged only with ${wanted.join('; ')}`;
  return wanted.length === 0 ? [] : [possible(what, fix)];
}

const NO_RULE = { approvals: 0, codeOwners: false, threadsResolved: false } as const;

function when(is: boolean, text: string): readonly string[] {
  return is ? [text] : [];
}

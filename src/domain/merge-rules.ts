/**
 * What the rules of the target branch and the settings of the repository say about merges, and what of it a way of merging
 * does not meet. The hold and `doctor` use the same words. Pure.
 */
import { EVIDENCE_CONTEXT } from './own-check.ts';
import { type FailureName, fixOf } from './failure.ts';
import type { HandOverWay, MergeMethod } from './policy.ts';

/** Of the rules that bind our account. An absent member: no rule. */
export interface MergeRules {
  /** Only who may bypass the rule can update the branch. */
  readonly update?: true;
  readonly mergeQueue?: true;
  readonly linearHistory?: true;
  readonly signatures?: true;
  /** Absent: those of the repository. */
  readonly mergeMethods?: readonly MergeMethod[];
  readonly threadsResolved?: true;
  readonly codeOwners?: true;
  /** Environments to which the head must have been deployed. */
  readonly deployments?: readonly string[];
  /** A required check with a name that only Signalbox reports. */
  readonly ownCheck?: string;
}

/** How the change would be merged by the scheduler. */
export interface WayOfMerging {
  readonly branch: string;
  readonly rules: MergeRules;
  /** Those that the repository allows; absent: all, or GitHub does not tell. */
  readonly allowed?: readonly MergeMethod[];
  readonly method: MergeMethod;
}

export interface MergeProblem {
  readonly what: string;
  /** What a person can do, without the `/retry`. */
  readonly fix: string;
  /** The failure with which GitHub would refuse it; absent for one without a name of its own. */
  readonly failure?: FailureName;
  /** Nobody needs to say that it is done. */
  readonly endsAlone?: true;
}

/** What certainly refuses this way of merging, most basic first. */
export function methodProblems({ branch, rules, allowed, method }: WayOfMerging): readonly MergeProblem[] {
  const words = METHOD_WORDS[method];
  // https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification
  const isUnsigned = rules.signatures === true && method === 'rebase';
  const forbidden = [
    ...when(lacks(allowed, method), `the repository does not allow ${words}`),
    ...when(lacks(rules.mergeMethods, method), `${branch} does not allow ${words}`),
    ...when(rules.linearHistory === true && method === 'merge', `${branch} requires a linear history`),
    ...when(
      isUnsigned,
      `${branch} requires signed commits, and GitHub does not sign the commits of a rebase`,
    ),
  ];
  return forbidden.map(what => named(what, 'MergeMethodForbidden'));
}

/** A check of ours that is required and that GitHub would wait for in vain. */
export function ownCheckProblem(
  { branch, rules: { ownCheck } }: Pick<WayOfMerging, 'branch' | 'rules'>,
  { isPublished, handOver }: { readonly isPublished: boolean; readonly handOver?: HandOverWay | undefined },
): MergeProblem | undefined {
  if (ownCheck === undefined) return undefined;
  const what = `${branch} requires the check ${ownCheck}`;
  if (ownCheck !== EVIDENCE_CONTEXT)
    return { what: `${what}, which nobody reports`, fix: `require ${EVIDENCE_CONTEXT} instead` };
  if (!isPublished)
    return {
      what: `${what}, which the policy does not publish`,
      fix: 'set evidence.publish in the policy, or require it no longer',
    };
  // A queue tests commits of its own, with several changes in one.
  return handOver === 'queue'
    ? { what: `${what}, which no commit of its merge queue gets`, fix: 'require it no longer' }
    : undefined;
}

export function queueProblem(branch: string): MergeProblem {
  return named(`${branch} is merged by a merge queue`, 'MergeQueueRequired');
}

/** What refuses handing over, before it is tried. `isAllowed`: the setting of the repository; undefined: not told. */
export function handOverProblem(
  { branch, rules }: Pick<WayOfMerging, 'branch' | 'rules'>,
  way: HandOverWay,
  isAllowed?: boolean,
): MergeProblem | undefined {
  if (way === 'queue')
    return rules.mergeQueue === true ? undefined : named(`${branch} has no merge queue`, 'MergeQueueMissing');
  return isAllowed === false
    ? named('the repository does not allow auto-merge', 'AutoMergeForbidden')
    : undefined;
}

export function closedProblem(branch: string): MergeProblem {
  return { what: `updates of ${branch} are restricted`, fix: 'let the account of Signalbox bypass the rule' };
}

export function named(what: string, failure: FailureName): MergeProblem {
  return { what, fix: fixOf(failure), failure };
}

/** What the rules of the branch want of people besides an approval. */
export function wantedOfPeople({ codeOwners, deployments = [] }: MergeRules): readonly string[] {
  return [
    ...when(codeOwners === true, 'an approving review of a code owner'),
    ...when(deployments.length > 0, `deployments to ${deployments.join(', ')}`),
  ];
}

const METHOD_WORDS = { merge: 'merge commits', squash: 'squash merges', rebase: 'rebase merges' } as const;

/** Unknown methods lack nothing. */
function lacks(methods: readonly MergeMethod[] | undefined, method: MergeMethod): boolean {
  return methods?.includes(method) === false;
}

function when(is: boolean, text: string): readonly string[] {
  return is ? [text] : [];
}

/** What GitHub would refuse at the merge, as far as it has told: known before people are asked and before it is tried. */
import type { ObservedDeployment } from './check-report.ts';
import { currentChange, followsTarget } from './facts.ts';
import {
  closedProblem,
  type MergeProblem,
  type MergeRules,
  methodProblems,
  named,
  ownCheckProblem,
  queueProblem,
  type WayOfMerging,
} from './merge-rules.ts';
import type { IssueState } from './state.ts';
import { targetBranch } from './target.ts';

/** The first obstacle of a merge of the pull request; undefined if none is known. */
export function mergeObstacle(state: IssueState): MergeProblem | undefined {
  const { pullRequest } = state;
  if (pullRequest === undefined || pullRequest.merged !== null) return undefined;
  const name = `pull request #${pullRequest.number}`;
  if (pullRequest.readOnly !== undefined)
    return named(`the repository is ${pullRequest.readOnly}`, 'RepositoryReadOnly');
  // With an up-to-date merge, git says it of the present branch; then this can be old.
  if (pullRequest.mergeable === false && !followsTarget(state))
    return named(`${name} conflicts with ${branchOf(state)}`, 'NotMergeable');
  return ofRules(state) ?? ofThreads(state);
}

/** Those of the branch that were read with the checks of this head. */
export function rulesNow(state: IssueState): MergeRules | undefined {
  const { checks } = state;
  return checks?.head === currentChange(state)?.commit ? checks?.rules : undefined;
}

/** Required deployments of this head that have not succeeded; empty if they are not required, or cannot be read. */
export function openDeployments(state: IssueState): readonly ObservedDeployment[] {
  const { deployments: required = [] } = rulesNow(state) ?? {};
  const { deployments = [] } = state.checks ?? {};
  return deployments.filter(({ name, state: is }) => required.includes(name) && is !== 'passed');
}

/** A person who merges may use any way that GitHub offers, and sees what it refuses. */
function ofRules(state: IssueState): MergeProblem | undefined {
  const { policy } = state;
  if (policy?.merge.by !== 'scheduler') return undefined;
  const rules = rulesNow(state) ?? {};
  const branch = branchOf(state);
  const { handOver } = policy.merge;
  const isPublished = policy.evidence !== undefined;
  const ofOwnCheck = ownCheckProblem({ branch, rules }, { isPublished, handOver });
  // A queue merges in its own way.
  if (ofOwnCheck !== undefined || handOver === 'queue') return ofOwnCheck;
  if (rules.mergeQueue === true) return queueProblem(branch);
  if (rules.update === true) return closedProblem(branch);
  return ofMethod(state, { branch, rules, method: policy.merge.method ?? 'merge' });
}

function ofMethod(state: IssueState, way: WayOfMerging): MergeProblem | undefined {
  const { mergeMethods: allowed } = state.repository ?? {};
  const [first] = methodProblems({ ...way, ...(allowed === undefined ? {} : { allowed }) });
  if (first !== undefined) return first;
  const isUnsigned = way.rules.signatures === true && currentChange(state)?.signature === undefined;
  // GitHub signs the commit of a squash.
  return isUnsigned && way.method === 'merge'
    ? named(`${way.branch} requires signed commits, and ours is not signed`, 'SignatureRequired')
    : undefined;
}

function ofThreads(state: IssueState): MergeProblem | undefined {
  const { unresolvedThreads = 0 } = state.pullRequest ?? {};
  if (rulesNow(state)?.threadsResolved !== true || unresolvedThreads === 0) return undefined;
  const threads = unresolvedThreads === 1 ? '1 conversation is' : `${unresolvedThreads} conversations are`;
  return {
    what: `${threads} not resolved, and ${branchOf(state)} is merged only when all are`,
    fix: 'resolve them on the pull request (this hold then ends by itself), or /cancel',
    endsAlone: true,
  };
}

function branchOf(state: IssueState): string {
  return targetBranch(state) ?? state.repository?.defaultBranch ?? 'the target branch';
}

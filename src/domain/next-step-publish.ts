/** From a run's manifest to a merged pull request: one commit is built, verified, pushed and reviewed. */
import { evidenceReport } from './evidence-report.ts';
import { ownHead, replacedHead } from './adoption.ts';
import { isBaseOld } from './candidate.ts';
import { isDraftWanted, readyStep } from './draft.ts';
import { readable } from './due.ts';
import { baseFor, currentChange, currentEvidence, currentRun, followsTarget, modeOf } from './facts.ts';
import { approvalFor, isShut, policyIsStale } from './gate.ts';
import { isHandedOver } from './hand-over.ts';
import { gateHold, mergeByPersonHold } from './hold.ts';
import { hasLine } from './merge-place.ts';
import { MODE_RIGHTS } from './mode.ts';
import { candidateStep } from './next-step-candidate.ts';
import { checksStep } from './next-step-checks.ts';
import { deploymentsStep } from './next-step-deployments.ts';
import { handOverStep } from './next-step-hand-over.ts';
import { lineStep } from './next-step-line.ts';
import { draftHold, obstacleHold } from './next-step-obstacle.ts';
import { policyReading } from './next-step-target.ts';
import { commitMessage, pullRequestBody } from './pull-request-text.ts';
import { pullRequestTitle } from './pull-request-title.ts';
import type { IssueState } from './state.ts';
import type { Change, RunFacts } from './state/work.ts';
import { type BuildPlan, type Effect, isSameEffect, type Step } from './step.ts';
import { targetBranch } from './target.ts';

export function publishStep(state: IssueState): Step | undefined {
  const run = currentRun(state);
  const plan = run === undefined ? undefined : planOf(state, run);
  if (plan === undefined) return undefined;
  const change = currentChange(state);
  if (change === undefined) return effect({ kind: 'build-change', ...plan });
  const same = { ...plan, ...asBuilt(change) };
  return proveStep(state, change, same) ?? showStep(state, change, same) ?? mergeStep(state, change);
}

/** What the inputs of the run do not say about the commit: who built it, and its signature. */
function asBuilt({ author, signature }: Change): Pick<BuildPlan, 'author' | 'signature'> {
  return {
    ...(author === undefined ? {} : { author }),
    ...(signature === undefined ? {} : { signature }),
  };
}

function planOf(state: IssueState, run: RunFacts): BuildPlan | undefined {
  const manifest = run.end?.manifest;
  if (manifest === undefined) return undefined;
  const base = baseFor(state, run);
  const from = run.inputs.base;
  return {
    runId: run.runId,
    base,
    ...(from === base ? {} : { from }),
    manifest,
    message: commitMessage(state, run),
    when: Math.floor(run.startedAt / 1000),
  };
}

function proveStep(state: IssueState, change: Change, plan: BuildPlan): Step | undefined {
  const { commit, files } = change;
  if (state.verification?.commit !== commit) return effect({ kind: 'verify-change', ...plan, commit, files });
  if (currentEvidence(state) !== undefined) return undefined;
  return effect({ kind: 'assemble-evidence', runId: plan.runId, commit });
}

function showStep(state: IssueState, change: Change, plan: BuildPlan): Step | undefined {
  if (isShut(state, 'publish')) return gateHold(state, 'publish');
  const show = pushStep(state, change, plan) ?? evidenceStep(state, change) ?? pullRequestStep(state, change);
  // In the line, the branch is read for the merge when the change has its turn.
  const isReadLater = show === undefined && hasLine(state);
  if (followsTarget(state) && policyIsStale(state) && !isReadLater)
    return effect(policyReading(state, 'it was last read before an approval'));
  return show;
}

/**
 * After a rework the push expects the branch at the commit of the previous push; after a person adopted or gave up the
 * commits of others, at exactly their head; and nothing else.
 */
function pushStep(state: IssueState, change: Change, plan: BuildPlan): Step | undefined {
  const { claim, pushed } = state;
  const ours = ownHead(state);
  const theirs = replacedHead(state);
  if (claim === undefined || ours === undefined) return undefined;
  if (pushed === change.commit && theirs === undefined) return undefined;
  return effect({
    kind: 'push-commit',
    ...plan,
    branch: claim.branch,
    commit: change.commit,
    expected: theirs ?? ours,
    ...(theirs === undefined ? {} : { ours }),
  });
}

/** Before the pull request, so that it is there when its readers come. */
function evidenceStep(state: IssueState, { commit }: Change): Step | undefined {
  const { policy, evidencePublished, subject } = state;
  const as = policy?.evidence?.publish;
  const evidence = currentEvidence(state);
  if (as === undefined || evidence === undefined || evidencePublished === evidence.digest) return undefined;
  if (!MODE_RIGHTS[modeOf(state)].mayOpenPullRequest) return undefined;
  const { digest } = evidence;
  const url = subject?.url ?? '';
  return effect({ kind: 'publish-evidence', commit, digest, as, url, ...evidenceReport(state, evidence) });
}

/** Opened once. After a rework the same pull request gets the text for the new commit. */
function pullRequestStep(state: IssueState, change: Change): Step | undefined {
  const { pullRequest, claim, repository, retargetFrom } = state;
  if (!MODE_RIGHTS[modeOf(state)].mayOpenPullRequest || claim === undefined || repository === undefined)
    return undefined;
  if (pullRequest !== undefined && state.described === change.commit && retargetFrom === undefined)
    return undefined;
  return effect({
    kind: 'open-pull-request',
    branch: claim.branch,
    into: targetBranch(state) ?? repository.defaultBranch,
    head: change.commit,
    title: pullRequestTitle(state),
    body: pullRequestBody(state),
    ...(pullRequest === undefined ? draftOf(state) : { number: pullRequest.number }),
    ...(retargetFrom === undefined ? {} : { retarget: true }),
  });
}

function draftOf(state: IssueState): { readonly draft?: true } {
  return isDraftWanted(state) ? { draft: true } : {};
}

function mergeStep(state: IssueState, change: Change): Step | undefined {
  const { pullRequest } = state;
  if (pullRequest === undefined) return undefined;
  const early = beforePeople(state, change);
  if (early !== undefined) return early;
  const inLine = lineStep(state, change);
  if (inLine !== undefined) return inLine;
  // GitHub's queue merges into a branch that moves: what arrives is compared with what was verified.
  const isThere = isHandedOver(state) && state.handOver.isSent !== true;
  const candidate = isThere ? undefined : lookedAt(state, candidateStep(state));
  if (candidate !== undefined) return candidate;
  const approval = approvalFor(state, 'merge');
  if (approval === undefined) return gateHold(state, 'merge');
  return approvedStep(state, { number: pullRequest.number, head: change.commit, approval });
}

/** What must be so before people are asked for the merge. */
function beforePeople(state: IssueState, change: Change): Step | undefined {
  const early = draftHold(state) ?? checksStep(state) ?? readyStep(state, change);
  return early ?? obstacleHold(state) ?? deploymentsStep(state);
}

function approvedStep(state: IssueState, what: Pick<MergeEffect, 'number' | 'head' | 'approval'>): Step {
  if (policyIsStale(state))
    return effect(policyReading(state, 'it was last read before the approval of the merge'));
  const { by, method } = state.policy?.merge ?? {};
  if (by !== 'scheduler') return mergeByPersonHold(state, what.approval.by);
  if (isBaseOld(state)) return effect(policyReading(state, 'the merge was verified since it was last read'));
  const plan = { ...what, title: pullRequestTitle(state), ...(method === undefined ? {} : { method }) };
  return handOverStep(state, plan) ?? effect({ kind: 'merge', ...plan });
}

type MergeEffect = Extract<Effect, { kind: 'merge' }>;

/** The target branch may have moved by a merge of this change. A verification in flight continues while that is read. */
function lookedAt(state: IssueState, step: Step | undefined): Step | undefined {
  if (step?.kind !== 'effect' || !readable(state).includes('pull-request')) return step;
  const inFlight = state.sent !== undefined && isSameEffect(state.sent, step.effect);
  return inFlight ? step : { kind: 'wait', for: 'look' };
}

function effect(what: Effect): Step {
  return { kind: 'effect', effect: what };
}

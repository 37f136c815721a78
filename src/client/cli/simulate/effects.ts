/** The outcome of each effect: success with made-up facts, or what the scenario specifies. */
import type { AheadEffect } from '../../../domain/ahead-effect.ts';
import { omit } from '../../../domain/omit.ts';
import { assertNever } from '../../../domain/assert-never.ts';
import { digestOf } from '../../../domain/digest.ts';
import type { EventBody } from '../../../domain/event.ts';
import { evidenceConcerns } from '../../../domain/evidence.ts';
import type { Evidence } from '../../../domain/state/work.ts';
import type { MergeEffect } from '../../../domain/merge-effect.ts';
import type { Effect } from '../../../domain/step.ts';
import { changeOf, checksOf, commitOf, pullRequestOf, madeUpRepository, madeUpRunEnd } from './made-up.ts';
import type { RunPlan } from './scenario.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

/** Simulated time: five minutes for an agent, one for a verification, one second for anything else. */
export function durationOf({ kind }: Effect): number {
  if (kind === 'run-agent') return 5 * MINUTE_MS;
  return kind === 'verify-change' || kind === 'verify-candidate' ? MINUTE_MS : 1_000;
}

export function outcomeOf(world: World, effect: Effect): EventBody {
  const failing = world.failures.findIndex(failure => failure.effect === effect.kind);
  const [failure] = failing === -1 ? [] : world.failures.splice(failing, 1);
  if (failure !== undefined)
    return { type: 'step-failed', effect, failure: failure.failure, message: failure.message };
  return successOf(world, effect);
}

function successOf(world: World, effect: Effect): EventBody {
  switch (effect.kind) {
    case 'read-policy':
      return policyRead(world, effect);
    case 'claim-branch':
      return { type: 'claimed', branch: effect.branch, base: effect.base };
    case 'run-agent':
      return runEnded(world, effect.runId);
    case 'adopt-commits':
      return { type: 'adoption-refused', head: effect.head, reason: 'a simulation has no commits' };
    case 'apply-suggestions':
      return suggestionsRefused(effect);
    case 'build-change':
      return { type: 'change-built', change: changeOf(effect.runId, planOf(world, effect.runId)) };
    case 'verify-change':
      return changeVerified(world, effect);
    case 'build-candidate':
      return {
        ...{ type: 'candidate-built', base: effect.base, head: effect.head },
        tree: commitOf(`merge of ${effect.head} into ${effect.base}`),
      };
    case 'verify-candidate':
      return candidateVerified(world, effect);
    case 'build-ahead':
    case 'verify-ahead':
      return aheadOutcome(world, effect);
    case 'assemble-evidence':
      return { type: 'evidence-assembled', evidence: evidenceOf(world, effect) };
    case 'push-commit':
      if (world.pull !== undefined) world.pull = { ...world.pull, head: effect.commit };
      return { type: 'pushed', commit: effect.commit };
    case 'publish-evidence':
      return { type: 'evidence-published', digest: effect.digest };
    case 'open-pull-request':
      return pullRequestOpened(world, effect);
    case 'mark-ready':
      return { type: 'marked-ready', head: effect.head };
    case 'rerun-check':
      return { type: 'check-rerun', ...omit(effect, 'kind', 'id', 'app'), problem: 'a simulation has no CI' };
    case 'join-line':
      return { type: 'line-joined', ...omit(effect, 'kind', 'approvedAt') };
    case 'merge':
    case 'hand-over-merge':
    case 'take-back-merge':
      return mergeOutcome(effect);
    case 'read-arrival':
      return arrived(effect.merge);
    case 'check-release':
      return { type: 'release-checked', release: { onDefaultBranch: true, ...world.release } };
    case 'release-claim':
      return { type: 'claim-released' };
    case 'close-issue':
      world.subject = { ...world.subject, state: 'closed' };
      return { type: 'issue-closed' };
    default:
      return assertNever(effect);
  }
}

function policyRead({ scenario }: World, { target }: Extract<Effect, { kind: 'read-policy' }>): EventBody {
  const { policy, issue } = scenario;
  return { type: 'policy-read', policy, repository: madeUpRepository(issue, target) };
}

function suggestionsRefused({ suggestions }: Extract<Effect, { kind: 'apply-suggestions' }>): EventBody {
  return { type: 'suggestions-refused', suggestions, reason: 'a simulation has no files' };
}

/** A simulation has no drafts. */
function pullRequestOpened(world: World, effect: Extract<Effect, { kind: 'open-pull-request' }>): EventBody {
  const pull = world.pull ?? pullRequestOf(world.scenario.issue, effect);
  world.pull = effect.retarget === true ? { ...pull, base: effect.into } : pull;
  return {
    ...{ type: 'pull-request-opened', pullRequest: world.pull },
    ...(effect.draft === true ? { draft: 'refused' } : {}),
  };
}

function arrived(commit: string): EventBody {
  return { type: 'arrived', arrival: { commit, base: commitOf('base'), tree: commitOf('tree') } };
}

/** A simulation has no queue: what is handed over can be merged at once. */
function mergeOutcome({ kind, head }: MergeEffect): EventBody {
  if (kind === 'merge') return { type: 'merged', commit: commitOf(`merge of ${head}`), head };
  return { type: kind === 'hand-over-merge' ? 'hand-over-needless' : 'taken-back', head };
}

function changeVerified(
  world: World,
  { runId, commit }: Extract<Effect, { kind: 'verify-change' }>,
): EventBody {
  const checks = checksOf(world.scenario, planOf(world, runId));
  return { type: 'verified', verification: { commit, checks } };
}

function candidateVerified(
  world: World,
  { runId, head: commit, base: onto }: Extract<Effect, { kind: 'verify-candidate' }>,
): EventBody {
  const checks = checksOf(world.scenario, planOf(world, runId));
  return { type: 'candidate-verified', verification: { commit, onto, checks } };
}

/** Never asked for: a simulated issue has no line. */
function aheadOutcome(world: World, effect: AheadEffect): EventBody {
  if (effect.kind === 'build-ahead') return { type: 'ahead-built', before: effect.before };
  const { runId, base, head, tree } = effect;
  const checks = checksOf(world.scenario, planOf(world, runId));
  return { type: 'ahead-verified', head, tree, baseTree: base, verification: { commit: head, checks } };
}

function runEnded(world: World, runId: string): EventBody {
  const plan = world.runs.shift() ?? world.usualRun;
  world.plans.set(runId, plan);
  return { type: 'run-ended', runId, end: madeUpRunEnd(plan, world.now) };
}

function evidenceOf(
  world: World,
  { runId, commit, onto }: Extract<Effect, { kind: 'assemble-evidence' }>,
): Evidence {
  const checks = checksOf(world.scenario, planOf(world, runId));
  const claims = { skippedChecks: 0, stopConditionsMet: [] };
  const concerns = evidenceConcerns({ checks, notes: [], claims });
  return {
    commit,
    ...(onto === undefined ? {} : { onto }),
    digest: digestOf({ commit, onto, checks }),
    concerns,
  };
}

function planOf(world: World, runId: string): RunPlan {
  return world.plans.get(runId) ?? world.usualRun;
}

/** What comes of each effect: success with made-up facts, or what the scenario says. */
import { assertNever } from '../../../domain/assert-never.ts';
import { digestOf } from '../../../domain/digest.ts';
import type { EventBody } from '../../../domain/event.ts';
import { evidenceConcerns } from '../../../domain/evidence.ts';
import type { Effect } from '../../../domain/step.ts';
import { changeOf, checksOf, commitOf, pullRequestOf, repositoryOf, madeUpRunEnd } from './made-up.ts';
import type { RunPlan } from './scenario.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;

/** Agents work for minutes, verification for one, everything else for a second. */
export function durationOf({ kind }: Effect): number {
  if (kind === 'run-agent') return 5 * MINUTE_MS;
  return kind === 'verify-change' ? MINUTE_MS : 1_000;
}

export function outcomeOf(world: World, effect: Effect): EventBody {
  const failing = world.failures.findIndex(failure => failure.effect === effect.kind);
  const [failure] = failing === -1 ? [] : world.failures.splice(failing, 1);
  if (failure !== undefined)
    return { type: 'step-failed', effect, failure: failure.failure, message: failure.message };
  return isOfRun(effect) ? ofRun(world, effect) : ofForge(world, effect);
}

type OfRun = Extract<Effect, { kind: 'run-agent' | 'build-change' | 'verify-change' | 'assemble-evidence' }>;

function isOfRun(effect: Effect): effect is OfRun {
  return ['run-agent', 'build-change', 'verify-change', 'assemble-evidence'].includes(effect.kind);
}

function ofRun(world: World, effect: OfRun): EventBody {
  const { runId } = effect;
  if (effect.kind === 'run-agent') {
    const plan = world.runs.shift() ?? world.usualRun;
    world.plans.set(runId, plan);
    return { type: 'run-ended', runId, end: madeUpRunEnd(plan, world.now) };
  }
  const plan = planOf(world, runId);
  if (effect.kind === 'build-change') return { type: 'change-built', change: changeOf(runId, plan) };
  const checks = checksOf(world.scenario, plan);
  if (effect.kind === 'verify-change')
    return { type: 'verified', verification: { commit: effect.commit, checks } };
  const concerns = evidenceConcerns({
    checks,
    notes: [],
    claims: { skippedChecks: 0, stopConditionsMet: [] },
  });
  const { commit } = effect;
  return { type: 'evidence-assembled', evidence: { commit, digest: digestOf({ commit, checks }), concerns } };
}

function planOf(world: World, runId: string): RunPlan {
  return world.plans.get(runId) ?? world.usualRun;
}

type OfRelease = Extract<Effect, { kind: 'check-release' | 'release-claim' | 'close-issue' }>;

function ofForge(world: World, effect: Exclude<Effect, OfRun>): EventBody {
  const { scenario } = world;
  switch (effect.kind) {
    case 'read-policy':
      return { type: 'policy-read', policy: scenario.policy, repository: repositoryOf(scenario.issue) };
    case 'claim-branch':
      return { type: 'claimed', branch: effect.branch, base: effect.base };
    case 'push-commit':
      if (world.pull !== undefined) world.pull = { ...world.pull, head: effect.commit };
      return { type: 'pushed', commit: effect.commit };
    case 'open-pull-request':
      world.pull ??= pullRequestOf(scenario.issue, effect);
      return { type: 'pull-request-opened', pullRequest: world.pull };
    case 'merge':
      return { type: 'merged', commit: commitOf(`merge of ${effect.head}`), head: effect.head };
    default:
      return ofRelease(world, effect);
  }
}

function ofRelease(world: World, effect: OfRelease): EventBody {
  switch (effect.kind) {
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

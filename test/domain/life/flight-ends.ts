/** How what is in flight can end other than well. */
import type { Ending } from '../../../src/domain/ending.ts';
import type { EventBody } from '../../../src/domain/event.ts';
import { FAILURES, type FailureName } from '../../../src/domain/failure.ts';
import type { Effect } from '../../../src/domain/step.ts';
import type { World } from './world.ts';

/** Answers of the right kind that do not match the effect. */
export const ODD: Readonly<Partial<Record<Effect['kind'], EventBody>>> = {
  merge: { type: 'merged', commit: 'strange', head: 'strange' },
  'push-commit': { type: 'pushed', commit: 'strange' },
  'adopt-commits': {
    type: 'commits-adopted',
    runId: 'g9-a9',
    head: 'strange',
    base: 'strange',
    manifest: 'sha256:strange',
  },
  'apply-suggestions': {
    type: 'suggestions-applied',
    runId: 'g9-a9',
    suggestions: ['sha256:strange'],
    manifest: 'sha256:strange',
  },
  'verify-change': { type: 'verified', verification: { commit: 'strange', checks: [] } },
  'build-candidate': { type: 'candidate-built', base: 'strange', head: 'strange', tree: 'strange' },
  'verify-candidate': {
    type: 'candidate-verified',
    verification: { commit: 'strange', onto: 'strange', checks: [] },
  },
  'read-arrival': { type: 'arrived', arrival: { commit: 'strange', base: 'strange', tree: 'strange' } },
  'assemble-evidence': {
    type: 'evidence-assembled',
    evidence: { commit: 'strange', digest: 'sha256:strange', concerns: [] },
  },
};

function flightEffect(world: World): Effect | undefined {
  return world.effect?.effect;
}

export function failureOf(world: World, n: number, impossible: readonly FailureName[] = []): EventBody {
  const effect = flightEffect(world);
  if (effect === undefined) return { type: 'timer' };
  if (effect.kind === 'run-agent') return gone(world, effect.runId, 'could-not-start');
  const all = Object.keys(FAILURES) as FailureName[];
  const names = all.filter(name => !impossible.includes(name));
  const lost = n % 4 === 0 ? 'ReviewDismissed' : 'ApproverLostRole';
  const failure =
    effect.kind === 'merge' && n % 2 === 0 ? lost : (names[(n * 3 + 1) % names.length] as FailureName);
  return { type: 'step-failed', effect, failure, message: 'failed' };
}

export function lostOf(world: World): EventBody {
  const effect = flightEffect(world);
  if (effect === undefined) return { type: 'timer' };
  return effect.kind === 'run-agent' ? gone(world, effect.runId, 'lost') : { type: 'step-lost', effect };
}

export function cancelledOf(world: World): EventBody {
  const effect = flightEffect(world);
  if (effect === undefined) return { type: 'timer' };
  return effect.kind === 'run-agent'
    ? gone(world, effect.runId, 'cancelled')
    : { type: 'step-cancelled', effect };
}

function gone(world: World, runId: string, ending: Ending): EventBody {
  const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  return { type: 'run-ended', runId, end: { ending, endedAt: world.now, summary: 'gone', usage } };
}

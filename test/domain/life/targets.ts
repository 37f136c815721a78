/** Worlds whose policy names target branches. */
import { nextStep } from '../../../src/domain/next-step.ts';
import type { ObservedIssue } from '../../../src/domain/observation.ts';
import type { TargetPolicy } from '../../../src/domain/policy.ts';
import { flow } from './acts.ts';
import { issueOf, policyOf, type PolicyChoice } from './fixtures.ts';
import { type GitHub, newGitHub } from './github.ts';
import { Guard } from './guard.ts';
import { poke } from './people.ts';
import { World } from './world.ts';

export const HEADS = { 'stable/v1': 'v1-head', 'stable/v2': 'v2-head', develop: 'develop-head' };
export const TARGET: TargetPolicy = { byLabel: { v1: 'stable/v1', v2: 'stable/v2' } };

export function worldOf(
  issue: Partial<ObservedIssue> = {},
  choice: PolicyChoice = { mode: 'auto-run', target: TARGET },
  github: Partial<GitHub> = {},
): World {
  const policy = policyOf(choice);
  const world = new World(
    newGitHub({ policy, targets: HEADS, issue: issueOf(issue), ...github }),
    new Guard(),
  );
  flow(world);
  return world;
}

export function changed(world: World, change: Partial<GitHub>): World {
  world.now += 1_000;
  world.github = { ...world.github, ...change };
  poke(world, 'issue', 'pull-request');
  flow(world);
  return world;
}

export const labelled = (world: World, ...labels: readonly string[]): World =>
  changed(world, { issue: issueOf({ labels: ['ai', ...labels] }) });

export const why = ({ state }: World): string => {
  const step = nextStep(state);
  return step.kind === 'hold' ? (step.hold.why[0] ?? '') : step.kind;
};

export const what = ({ state }: World): string => {
  const step = nextStep(state);
  return step.kind === 'hold' ? step.hold.what : step.kind;
};

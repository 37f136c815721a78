/** A life at its merge gate, and what happens to it on GitHub then. */
import { expect } from '@jest/globals';
import { currentHold } from '../../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../../src/domain/next-step.ts';
import { flow } from './acts.ts';
import { policyOf, type PolicyChoice } from './fixtures.ts';
import { type GitHub, newGitHub } from './github.ts';
import { poke } from './people.ts';
import { World } from './world.ts';

/** A life that waits at the merge gate. */
export function atMerge(choice: PolicyChoice = { mode: 'auto-run' }): World {
  const world = new World(newGitHub({ policy: policyOf(choice) }));
  flow(world);
  expect(currentHold(world.state)).toBe('gate:merge');
  return world;
}

/** GitHub changes, and a webhook announces it. */
export function found(world: World, change: Partial<GitHub>): World {
  world.github = { ...world.github, ...change };
  poke(world, 'issue', 'pull-request');
  flow(world);
  return world;
}

export function pulled(world: World, change: Partial<NonNullable<GitHub['pullRequest']>>): World {
  const { pullRequest } = world.github;
  if (pullRequest === undefined) throw new Error('there is no pull request');
  return found(world, { pullRequest: { ...pullRequest, ...change } });
}

/** Why it is held, or what it does. */
export const why = (world: World): string => {
  const step = nextStep(world.state);
  return step.kind === 'hold' ? step.hold.why.join() : step.kind;
};

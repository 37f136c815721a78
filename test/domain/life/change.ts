/** Changes of the world on GitHub, as acts make them. */
import type { GitHub } from './github.ts';
import type { World } from './world.ts';

export const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T;

export function change(world: World, part: Partial<GitHub>): void {
  world.github = { ...world.github, ...part };
}

export function changeIssue(world: World, part: Partial<GitHub['issue']>): void {
  change(world, { issue: { ...world.github.issue, ...part } });
}

export function changePullRequest(world: World, part: Partial<NonNullable<GitHub['pullRequest']>>): void {
  const { pullRequest } = world.github;
  if (pullRequest !== undefined && pullRequest.merged === null)
    change(world, { pullRequest: { ...pullRequest, ...part } });
}

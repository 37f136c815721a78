/** What happens around a merge, by name: rules, conversations, GitHub's queue and auto-merge. `n` selects a variant. */
import { omit } from '../../../src/domain/omit.ts';
import { changePullRequest, pick } from './change.ts';
import { isThere, mergedByGitHub } from './hand-over.ts';
import { poke } from './people.ts';
import { RULES } from './rules.ts';
import type { World } from './world.ts';

export const MERGING_ACTS: Readonly<Record<string, (world: World, n: number) => void>> = {
  'the rules of the target branch change': (world, n) => {
    const rules = pick(RULES, n);
    world.github = {
      ...omit(world.github, 'mergeRules'),
      ...(rules === undefined ? {} : { mergeRules: rules }),
    };
    poke(world, 'checks');
  },
  'conversations are resolved or not': (world, n) => {
    changePullRequest(world, { unresolvedThreads: n % 3 });
    poke(world, 'pull-request');
  },
  'GitHub merges what was handed over': world => {
    const { github } = world;
    if (isThere(github)) world.github = mergedByGitHub(github);
    poke(world, 'pull-request');
  },
  'GitHub gives it back': (world, n) => {
    if (isThere(world.github)) changePullRequest(world, { handedOver: { returned: 'FAILED_CHECKS' } });
    if (n % 3 !== 2) poke(world, 'pull-request');
  },
  'auto-merge has nothing to wait for': (world, n) => {
    world.github = n % 2 === 0 ? { ...world.github, isMergeable: true } : omit(world.github, 'isMergeable');
  },
};

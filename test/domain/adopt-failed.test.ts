/** An adoption that cannot be read, for example because of the length of the history, is no dead end. */
import { expect, test } from '@jest/globals';
import { currentHold } from '../../src/domain/evolve/evolve.ts';
import { flow } from './life/acts.ts';
import { atMerge } from './life/at-merge.ts';
import { HEADS } from './life/branch.ts';
import { withHead } from './life/github.ts';
import { decide, poke } from './life/people.ts';

test('the commits can still be given up', () => {
  const world = atMerge();
  world.github = withHead(world.github, HEADS.onTop);
  poke(world, 'pull-request');
  flow(world);
  decide(world, 'ann', { kind: 'adopt', head: HEADS.onTop });
  for (let round = 0; round < 60 && world.effect?.effect.kind !== 'adopt-commits'; round++) {
    world.settle();
    if (world.upkeep === undefined) world.land();
    else world.landUpkeep();
  }
  const effect = world.effect?.effect;
  if (effect === undefined) throw new Error('nothing is adopted');
  world.land({ type: 'step-failed', effect, failure: 'HistoryTooLarge', message: 'too large' });
  flow(world);
  expect(currentHold(world.state)).toBe('blocked');
  decide(world, 'ann', { kind: 'retry', reason: HEADS.onTop.slice(0, 12) });
  flow(world);
  expect(world.state.adoption).toBeUndefined();
  expect(world.github.pullRequest?.head).toBe(world.state.pushed);
});

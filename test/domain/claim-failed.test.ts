/** A claim whose answer was a failure may have been made all the same: only a branch of somebody else is left alone. */
import { expect, test } from '@jest/globals';
import { Scene } from './mutants/scene.ts';

test.each([
  ['GitHubForbidden', true],
  ['BranchTaken', false],
] as const)('a claim that was made and failed as %s is given back at the end: %s', (failure, isGivenBack) => {
  const life = new Scene({ mode: 'auto-run' }).untilEffect('claim-branch').act('the effect is done');
  const effect = life.world.effect?.effect;
  if (effect === undefined) throw new Error('nothing is in flight');
  life.do(world => world.land({ type: 'step-failed', effect, failure, message: 'it cannot be' }));
  life.decide('ann', { kind: 'cancel' }).flow();
  expect(life.world.github.branch === undefined).toBe(isGivenBack);
});

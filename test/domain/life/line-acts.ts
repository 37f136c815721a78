/** What the line of merges does to an issue. */
import { omit } from '../../../src/domain/omit.ts';
import type { World } from './world.ts';

export const LINE_ACTS: Readonly<Record<string, (world: World, n: number) => void>> = {
  'its turn comes': (world, n) =>
    world.turn(n % 4 === 3 ? (['strange', '1.1'][n % 2] ?? '') : placeOf(world)),
  'the line is terminated': world => {
    world.github = omit(world.github, 'place');
  },
  'the line is busy or free': (world, n) => {
    if (world.github.line !== undefined)
      world.github = { ...world.github, line: n % 2 === 0 ? 'busy' : 'free' };
  },
};

function placeOf({ github, state }: World): string {
  return github.place ?? state.mergePlace?.id ?? '1.1';
}

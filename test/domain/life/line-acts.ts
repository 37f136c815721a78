/** What the line of merges does to an issue. */
import { omit } from '../../../src/domain/omit.ts';
import type { World } from './world.ts';

export const LINE_ACTS: Readonly<Record<string, (world: World, n: number) => void>> = {
  'its turn comes': (world, n) =>
    world.turn(n % 4 === 3 ? (['strange', '1.1'][n % 2] ?? '') : placeOf(world)),
  'others are before it': (world, n) =>
    world.push({
      ...{ type: 'ahead-given', id: placeOf(world) },
      before: BEFORE.slice(n % 3, 2).map((head, index) => ({ issue: 90 + index, head })),
    }),
  'the line is terminated': world => {
    world.github = omit(world.github, 'place');
  },
  'the line is busy or free': (world, n) => {
    if (world.github.line !== undefined)
      world.github = { ...world.github, line: n % 2 === 0 ? 'busy' : 'free' };
  },
};

/** The last one makes what the branch moves to. */
const BEFORE = ['conflicting', 'base-2'];

function placeOf({ github, state }: World): string {
  return github.place ?? state.mergePlace?.id ?? '1.1';
}

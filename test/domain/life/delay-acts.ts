/** What fails for a reason that may pass: an effect or upkeep, with and without a time that GitHub names. */
import type { DelayFacts } from '../../../src/domain/delay.ts';
import type { Effect } from '../../../src/domain/step.ts';
import type { World } from './world.ts';

const RUNS: readonly Effect['kind'][] = ['run-agent', 'verify-change', 'verify-candidate', 'verify-ahead'];

export const DELAY_FAULTS: Readonly<Record<string, (world: World, n: number) => void>> = {
  'the effect keeps failing': (world, n) => {
    const effect = world.effect?.effect;
    if (effect === undefined || RUNS.includes(effect.kind)) return;
    if (n % 2 === 0) world.perform();
    world.land({ type: 'step-delayed', effect, ...delayFacts(world, n) });
  },
  'the upkeep keeps failing': (world, n) => {
    const kind = world.upkeep?.upkeep.kind;
    // Leaving the line never fails: where nobody answers, there is no place.
    if (kind !== undefined && kind !== 'leave-line')
      world.landUpkeep({ type: 'upkeep-delayed', upkeep: kind, ...delayFacts(world, n) });
  },
};

/** GitHub names the time of every third. */
function delayFacts({ now }: World, n: number): DelayFacts {
  const facts = { since: now, reason: n % 2 === 0 ? 'it does not answer' : 'it cannot be reached' };
  return n % 3 === 0 ? { ...facts, limitEnds: now + 40 * 60_000 } : facts;
}

/** What fails for good beside the work: upkeep, and the webhook. */
import type { World } from './world.ts';

export const UPKEEP_FAULTS: Readonly<Record<string, (world: World) => void>> = {
  'the upkeep fails for good': world => {
    const upkeep = world.upkeep?.upkeep;
    // Leaving the line never fails: where nobody answers, there is no place.
    if (upkeep !== undefined && upkeep.kind !== 'leave-line')
      world.landUpkeep({
        type: 'upkeep-failed',
        upkeep: upkeep.kind,
        ...(upkeep.kind === 'call' ? { call: upkeep.call } : {}),
        ...(upkeep.kind === 'fold-call' ? { folded: upkeep.seq } : {}),
        failure: 'GitHubForbidden',
        message: 'forbidden',
      });
  },
  'the webhook gives up': world => world.landNotice('it answered 500'),
};

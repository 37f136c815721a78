/** Approved issues in the line of merges. */
import { latch } from './latch.ts';
import type { Life } from './life.ts';
import type { Lives } from './lives.ts';

/** A change that merges may carry an approval over for, and a scheduler that keeps lines. */
export const PATCH = { change: { patch: '1'.repeat(40) }, hasLines: true as const };

export async function approve(life: Life): Promise<void> {
  await life.decide({ kind: 'approve', digest: (await life.view()).hold?.digest ?? '' });
}

export interface Waiting extends Life {
  /** Lets it use its turn. */
  readonly release: () => void;
}

/** Approved issues in the line: the first has the turn and cannot use it yet, the others wait for theirs. */
export const waitingIn =
  (lives: Lives) =>
  async <N extends 2 | 3 | 6>(count: N): Promise<Several<N>> => {
    const open = latch();
    const found: Life[] = [];
    for (let index = 0; index < count; index++) {
      const life = await lives.begin(PATCH);
      await life.to('merge');
      const isInTurn = (activity: string): boolean =>
        activity === 'readPolicy' && life.script.log.includes('joinLine ended');
      if (index === 0) life.script.before = activity => (isInTurn(activity) ? open.opened : undefined);
      await approve(life);
      await life.when('is in the line', ({ line }) => line !== undefined);
      if (index === 0) await life.when('has its turn', ({ line }) => line?.turnSince !== undefined);
      found.push(life);
    }
    const [first, ...others] = found;
    return [{ ...first, release: open.open }, ...others] as unknown as Several<N>;
  };

export type Several<N> = N extends 2
  ? readonly [Waiting, Life]
  : N extends 3
    ? readonly [Waiting, Life, Life]
    : readonly [Waiting, ...Life[]];

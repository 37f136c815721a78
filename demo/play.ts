/** Plays one issue with its people: CI deploys what was merged, and a gatekeeper decides at each gate. */
import type { Hold } from '../src/domain/step.ts';
import type { People, Seen } from './people.ts';

/** An issue at one moment. */
export interface Moment extends Seen {
  readonly merge: { readonly commit: string } | null;
  readonly hold: Pick<Hold, 'kind' | 'gate' | 'digest' | 'why' | 'what'> | null;
}

export interface Player<M extends Moment> {
  /** Acts on this moment; each deployment and each decision happens once. */
  readonly see: (moment: M) => Promise<void>;
}

export function player<M extends Moment>(
  people: People,
  keeper: { readonly see: (moment: M) => Promise<void> },
): Player<M> {
  const deployed = new Set<string>();
  return {
    see: async moment => {
      const commit = moment.merge?.commit;
      if (commit !== undefined && !deployed.has(commit)) {
        await people.deploy(commit);
        deployed.add(commit);
      }
      await keeper.see(moment);
    },
  };
}

/** A set-up as others see it: what the host gives, what is asked for, what comes of it. */
import type { Resolve } from '../../box/egress/reach.ts';
import type { LayerLimits } from '../../box/layers/store.ts';
import type { BoxMount } from '../../box/spec.ts';
import type { SetUpPolicy } from '../../domain/policy.ts';
import type { SetUpFacts } from '../../domain/state/work.ts';
import type { Pulse } from './pulse.ts';
import type { CommitTree } from './trees.ts';

/** What this host gives to set-ups. */
export interface SetUpHost {
  readonly layersDir: string;
  readonly layerLimits?: LayerLimits;
  readonly resolve: Resolve;
  /** Hosts that may lead to private addresses, where policy names them too: the operator's own registries. */
  readonly privateHosts: readonly string[];
}

export interface SetUpInput {
  readonly repository: number;
  readonly policy: SetUpPolicy;
  readonly tree: CommitTree;
  readonly on: SetUpFacts['on'];
  /** Of the workspace, unique per run. */
  readonly name: string;
  readonly pulse: Pulse;
}

export interface Placed {
  /** What the box must show over the workspace. */
  readonly overlays: readonly BoxMount[];
  /** Places where the commit has files of its own. */
  readonly leftOut: readonly string[];
}

export interface SetUp {
  readonly facts?: SetUpFacts;
  /** Where the layer lies in a checkout; nothing there is part of a change. */
  readonly places: readonly string[];
  /** Into a fresh checkout, before the box's user gets it. */
  readonly place: (dir: string) => Promise<Placed>;
}

export const noSetUp: SetUp = {
  places: [],
  place: () => Promise.resolve({ overlays: [], leftOut: [] }),
};

/** Types of a set-up: what the host provides, the input, and the result. */
import type { Dial } from '../../box/egress/dial.ts';
import type { LayerLimits } from '../../box/layers/store.ts';
import type { BoxMount } from '../../box/spec.ts';
import type { SetUpPolicy } from '../../domain/policy.ts';
import type { SetUpFacts } from '../../domain/state/work.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { CommitTree } from './trees.ts';

/** What the host provides to set-ups. */
export interface SetUpHost {
  readonly layersDir: string;
  readonly layerLimits?: LayerLimits;
  /** The way out to the hosts that the policy names. */
  readonly dial: Dial;
}

export interface SetUpInput {
  readonly repository: number;
  /** Absent for the default branch. */
  readonly target?: string | undefined;
  readonly policy: SetUpPolicy;
  readonly tree: CommitTree;
  readonly on: SetUpFacts['on'];
  /** Name of the workspace; unique per run. */
  readonly name: string;
  readonly heartbeat: Heartbeat;
}

export interface Placed {
  /** Mounts that the box must lay over the workspace. */
  readonly overlays: readonly BoxMount[];
  /** Places of the layer that are not used, because the commit has its own files there. */
  readonly leftOut: readonly string[];
}

export interface SetUp {
  readonly facts?: SetUpFacts;
  /** Paths of the layer in a checkout; nothing below them is part of a change. */
  readonly places: readonly string[];
  /** Places the layer in a fresh checkout, before the box's user owns it. */
  readonly place: (dir: string) => Promise<Placed>;
}

export const noSetUp: SetUp = {
  places: [],
  place: () => Promise.resolve({ overlays: [], leftOut: [] }),
};

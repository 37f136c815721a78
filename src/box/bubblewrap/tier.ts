/** Boxes made by bubblewrap: what is asked for, and what was found. */
import type { BoxTier } from '../tier.ts';
import type { ControlGroupVersion } from './control-group.ts';

export interface BubblewrapTier extends BoxTier {
  readonly name: 'bubblewrap';
  readonly bubblewrapPath: string;
  readonly controlGroups?: ControlGroupVersion;
}

export interface BubblewrapChoice {
  readonly box?: 'bubblewrap';
  /** Instead of the one on the system or the one that comes with Codex. */
  readonly bubblewrapPath?: string;
  readonly boxUid?: number;
}

/** Boxes made by bubblewrap: the choice in the settings, and the tier that was found. */
import type { BoxTier } from '../tier.ts';
import type { ControlGroupVersion } from './control-group.ts';

export interface BubblewrapTier extends BoxTier {
  readonly name: 'bubblewrap';
  readonly bubblewrapPath: string;
  readonly controlGroups?: ControlGroupVersion;
}

export interface BubblewrapChoice {
  readonly box?: 'bubblewrap';
  /** Instead of the system's bwrap or the one packaged with Codex. */
  readonly bubblewrapPath?: string;
  readonly boxUid?: number;
}

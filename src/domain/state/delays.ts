/** What keeps failing for a reason that may pass. */
import type { EffectKind, Upkeep } from '../step.ts';

export type DelayedKind = EffectKind | Upkeep['kind'];

export interface Delay {
  readonly kind: DelayedKind;
  /** Epoch milliseconds of the first attempt. */
  readonly since: number;
  /** One line, from outside. */
  readonly reason: string;
  /** Epoch milliseconds of the next try. */
  readonly until: number;
  /** How often Temporal's retries of it were used up. */
  readonly times: number;
  /** The limit of GitHub, or of the model provider, is reached, and it named the time: no request before would succeed. */
  readonly limit?: true;
}

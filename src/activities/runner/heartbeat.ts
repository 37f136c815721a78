/** How a long activity learns that it must stop, and reports what it is doing. Independent of Temporal. */
import type { OnHolder } from '../../box/kind.ts';

export interface Heartbeat {
  readonly signal: AbortSignal;
  /** Temporal's Web UI shows the details after the next heartbeat; a run by hand prints them. */
  readonly setDetails: (detail: unknown) => void;
  /** Learns of the processes of each box that is started. */
  readonly onHolder?: OnHolder;
}

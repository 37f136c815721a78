/** What a long activity is given by whoever asked for it: when to stop, and where to say what it is doing. */
export interface Pulse {
  readonly signal: AbortSignal;
  /** Temporal shows it in the Web UI with the next heartbeat; by hand it is printed. */
  readonly say: (detail: unknown) => void;
}

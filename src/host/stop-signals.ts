/** Ctrl-C and its relatives: the first asks to stop in order, the second stops at once. */

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignalHandlers {
  readonly first: (signal: NodeJS.Signals) => void;
  readonly again: (signal: NodeJS.Signals) => void;
}

/** Returns how to take the handlers away again. */
export function onStopSignals({ first, again }: StopSignalHandlers): () => void {
  let seen = 0;
  const handler = (signal: NodeJS.Signals): void => {
    seen += 1;
    if (seen === 1) first(signal);
    else again(signal);
  };
  for (const signal of stopSignals) process.on(signal, handler);
  return () => {
    for (const signal of stopSignals) process.removeListener(signal, handler);
  };
}

/** Ctrl-C and similar signals: the first asks for an orderly stop, the second stops immediately. */

const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface StopSignalHandlers {
  readonly first: (signal: NodeJS.Signals) => void;
  readonly again: (signal: NodeJS.Signals) => void;
}

/** Returns a function that removes the handlers. */
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

/** A worker in this process, from its start to its exit code. */
export interface Running {
  /** Stops the worker like SIGTERM and resolves to the exit code. Can be called repeatedly. */
  readonly stop: () => Promise<number>;
}

export function runningWorker(run: (stop: AbortSignal) => Promise<number>): Running {
  const controller = new AbortController();
  const ended = run(controller.signal);
  return {
    stop: async () => {
      controller.abort();
      return await ended;
    },
  };
}

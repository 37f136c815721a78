/** A worker in this process, from its start to its exit code. */
export interface Running {
  /** Told to stop as by SIGTERM; answers the exit code. Once more is no harm. */
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

/** Closes what a stage opened, the last first, also when opening or closing something failed. */
export interface Closing {
  /** Remembers how to close what was just opened. */
  readonly later: (close: () => Promise<unknown>) => void;
  /** Closes everything, and then throws the first error. */
  readonly closeAll: () => Promise<void>;
}

export function closing(): Closing {
  const closes: (() => Promise<unknown>)[] = [];
  return {
    later: close => void closes.push(close),
    closeAll: async () => {
      const errors: unknown[] = [];
      for (let close = closes.pop(); close !== undefined; close = closes.pop())
        await close().catch((error: unknown) => errors.push(error));
      if (errors.length > 0) throw errors[0];
    },
  };
}

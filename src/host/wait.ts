/** Waits for a condition, a time or a signal. */
import { setTimeout as delay } from 'node:timers/promises';

/** False when the condition was not met within the time limit. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  everyMs = 5,
): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() >= deadline) return false;
    await delay(everyMs);
  }
  return true;
}

/** True when the time passed, false when the signal aborted first. */
export function passes(ms: number, over: AbortSignal): Promise<boolean> {
  if (over.aborted) return Promise.resolve(false);
  return new Promise(resolve => {
    const ended = (): void => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      over.removeEventListener('abort', ended);
      resolve(true);
    }, ms);
    over.addEventListener('abort', ended, { once: true });
  });
}

export const LATE = Symbol('late');

/** Resolves to `LATE` when the time is over before the work; the work goes on, and its result is not used. */
export async function inTime<T>(work: Promise<T>, timeoutMs: number): Promise<T | typeof LATE> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof LATE>(resolve => {
    timer = setTimeout(() => resolve(LATE), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

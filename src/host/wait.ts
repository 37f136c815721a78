/** Waits for a condition, with a time limit. */
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

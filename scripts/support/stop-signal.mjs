/** A request to stop, as an AbortSignal: what was made is removed before the process ends. */

/** @returns {AbortSignal} */
export function stopSignal() {
  const controller = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(name, () => controller.abort(new Error(`stopped by ${name}`)));
  return controller.signal;
}

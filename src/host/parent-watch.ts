/** For the processes that the supervisor starts: tell it when ready, and end when it is gone, however it ended. */

const graceMsDefault = 5_000;

/**
 * Call first thing in a main. A process that the supervisor did not start has no channel to watch and is left alone.
 * When the supervisor dies, even by SIGKILL, this process gets SIGTERM and, after the grace time, its whole group SIGKILL.
 */
export function exitWhenParentDies(graceMs = graceMsDefault): void {
  // Undefined without a channel; false when the supervisor died while this process was still loading.
  const connected = process.connected as boolean | undefined;
  if (connected === undefined) return;
  if (!connected) process.exit(1);
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(killOwnGroup, graceMs);
  });
  // The watch alone is no reason to stay alive.
  process.channel?.unref();
}

/** Tells the supervisor that work can come; without a supervisor it does nothing. */
export function announceReady(): void {
  if (process.connected as boolean | undefined) process.send?.({ ready: true });
}

/** Supervised processes lead a group of their own; in any other case there is no such group, and only this process ends. */
function killOwnGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}

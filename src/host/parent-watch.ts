/** For the processes that the supervisor starts: report readiness to it, and exit when it is gone, for any reason. */

const GRACE_MS_DEFAULT = 5_000;

/**
 * Call it first in a main. Without a supervisor there is no channel to watch, and this does nothing.
 * When the supervisor dies, even by SIGKILL, this process gets SIGTERM. After the grace time its process group gets SIGKILL.
 */
export function exitWhenParentDies(graceMs = GRACE_MS_DEFAULT): void {
  // Undefined without a channel; false when the supervisor died while this process was still loading.
  const connected = process.connected as boolean | undefined;
  if (connected === undefined) return;
  if (!connected) process.exit(1);
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(killOwnGroup, graceMs);
  });
  // The watch alone must not keep this process alive.
  process.channel?.unref();
}

/** Reports to the supervisor that this process accepts work; without a supervisor it does nothing. */
export function announceReady(): void {
  if (process.connected as boolean | undefined) process.send?.({ ready: true });
}

/** A supervised process leads its own group; any other process has no such group, so only the process itself is killed. */
function killOwnGroup(): void {
  try {
    process.kill(-process.pid, 'SIGKILL');
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}

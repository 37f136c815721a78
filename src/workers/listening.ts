/** What the mains of processes that listen share: their address, what is wrong with it, and serving until the stop. */
import { SettingsError } from '../config/settings-error.ts';
import { addressText, type ListenAddress } from '../host/listening.ts';
import { announceReady } from '../host/parent-watch.ts';
import { aborted } from '../host/wait.ts';
import type { Signals } from '../telemetry/signals.ts';

export interface ListenSetting {
  readonly name: string;
  readonly value: ListenAddress | undefined;
}

/** Throws `SettingsError`. */
export function addressOf({ name, value }: ListenSetting): ListenAddress {
  if (value !== undefined) return value;
  throw new SettingsError({
    what: `${name} is not set`,
    fix: 'set it to host:port, for example 127.0.0.1:8790',
  });
}

/** Opens what listens at the address of a setting. Throws `SettingsError` if the address cannot be used. */
export async function openedAt<T>({ name, value }: ListenSetting, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    const why = WHY[code];
    if (why === undefined) throw error;
    throw new SettingsError({
      what: `the address ${value === undefined ? '' : addressText(value)} of ${name} ${why.what}`,
      fix: why.fix,
    });
  }
}

/** Says that the process works, and closes what it served when it is to stop. Resolves to the exit code. */
export async function serveUntil(
  stop: AbortSignal,
  signals: Signals,
  served: { close(): Promise<void> },
): Promise<number> {
  signals.ready();
  announceReady();
  await aborted(stop);
  await served.close();
  await signals.close();
  return 0;
}

const WHY: Readonly<Record<string, { readonly what: string; readonly fix: string }>> = {
  EADDRINUSE: { what: 'is in use', fix: 'stop the process that uses it, or set another address' },
  EADDRNOTAVAIL: { what: 'is not an address of this host', fix: 'set an address of this host, or 0.0.0.0' },
  ENOTFOUND: { what: 'is unknown', fix: 'set an address of this host, or 0.0.0.0' },
  EACCES: { what: 'is not allowed for this user', fix: 'set a port above 1023' },
};

/** Where each process of `up` serves its health: one port after the other, from the one of SIGNALBOX_HEALTH_LISTEN. */
import { listenAddress } from '../config/listen-address.ts';
import { addressText } from '../host/listening.ts';
import type { Environment } from '../config/environment.ts';

/** Do not change the order: people write these ports into their monitoring. */
export const HEALTH_PORTS = ['scheduler', 'runner', 'model-gateway', 'gateway'] as const;

/** The setting for one process, by environment variable name; empty where nothing is served. Port 0 stays 0. */
export function healthValues(values: Environment, process: string): Readonly<Record<string, string>> {
  const { data } = listenAddress.safeParse(values['SIGNALBOX_HEALTH_LISTEN'] ?? '');
  const offset = HEALTH_PORTS.findIndex(name => name === process);
  if (data === undefined || offset < 0) return {};
  const port = data.port === 0 ? 0 : data.port + offset;
  return { SIGNALBOX_HEALTH_LISTEN: addressText({ ...data, port }) };
}

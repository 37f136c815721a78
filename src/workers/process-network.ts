/** The outgoing connections of a worker, with the file of certificate authorities that its git reads. */
import { mkdirSync } from 'node:fs';
import type { ProcessSettings } from '../config/environment.ts';
import { networkSettings } from '../config/network.ts';
import { type Network, openNetwork } from '../host/network/network.ts';

/** Throws `SettingsError`. */
export function processNetwork({ dataDir, networkEnvironment }: ProcessSettings): Network {
  const settings = networkSettings(networkEnvironment);
  if (settings.ca !== undefined) mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return openNetwork(settings, dataDir);
}

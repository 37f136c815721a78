/** The outgoing connections of a command. */
import { networkSettings } from '../../config/network.ts';
import { connections, type Network } from '../../host/network/network.ts';
import type { Cli } from './cli.ts';

/** Throws `SettingsError`. */
export function cliNetwork(cli: Cli): Omit<Network, 'gitAccess'> {
  return connections(networkSettings(cli.settings().own));
}

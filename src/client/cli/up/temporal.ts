/** The Temporal server of `up`: the one that the settings name, once it is checked, or one that `up` starts. */
import { atTemporal } from '../../temporal/connection.ts';
import { prepareNamespace } from '../../temporal/namespace.ts';
import { ClientProblem } from '../../temporal/client-problem.ts';
import { obtainTemporalServer, type TemporalServerSource } from '../../../local/temporal-server/obtain.ts';
import { type Cli, say } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';
import type { UpSettings } from './settings.ts';

const NAMING_SETTINGS = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

export async function upTemporal(cli: Cli, { values }: UpSettings): Promise<TemporalServerSource> {
  if (NAMING_SETTINGS.some(name => values[name] !== undefined))
    return { kind: 'address', address: await usableAddress(cli, values) };
  return await obtainTemporalServer({
    environment: values,
    onProgress: text => say(cli, text),
    signal: cli.signal,
  });
}

async function usableAddress(cli: Cli, values: UpSettings['values']): Promise<string> {
  try {
    const prepared = await atTemporal(values, temporal => prepareNamespace(temporal, { signal: cli.signal }));
    return prepared.address;
  } catch (error) {
    if (!(error instanceof ClientProblem) || error.kind !== 'unreachable') throw error;
    throw new CliError(EXIT.unreachable, {
      what: error.trouble.what,
      fix: 'start it, or unset TEMPORAL_ADDRESS to let `up` start one',
    });
  }
}

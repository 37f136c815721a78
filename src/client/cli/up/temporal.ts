/** The Temporal server of `up`: the one that the settings name, once it is checked, or one that `up` starts. */
import { connectTemporal, bounded, temporalSettings } from '../../temporal/connection.ts';
import { ClientProblem } from '../../temporal/client-problem.ts';
import { obtainTemporalServer, type TemporalServerSource } from '../../../local/temporal-server/obtain.ts';
import { ensureSearchAttributes } from '../../../local/temporal-server/readiness.ts';
import { ourSearchAttributes } from '../../../local/temporal-server/search-attributes.ts';
import { type Cli, say } from '../cli.ts';
import { CliError, EXIT } from '../exit.ts';
import type { UpSettings } from './settings.ts';

const NAMING_SETTINGS = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

export async function upTemporal(cli: Cli, { values }: UpSettings): Promise<TemporalServerSource> {
  if (NAMING_SETTINGS.some(name => values[name] !== undefined))
    return { kind: 'address', address: await usableAddress(values) };
  return await obtainTemporalServer({
    environment: values,
    onProgress: text => say(cli, text),
    signal: cli.signal,
  });
}

async function usableAddress(values: UpSettings['values']): Promise<string> {
  const settings = temporalSettings(values);
  const { address, namespace } = settings;
  try {
    const temporal = await connectTemporal(settings);
    try {
      const wanted = { namespace, searchAttributes: ourSearchAttributes() };
      await bounded(temporal, () => ensureSearchAttributes(temporal.connection, wanted));
    } finally {
      await temporal.close();
    }
  } catch (error) {
    if (!(error instanceof ClientProblem) || error.kind !== 'unreachable') throw error;
    throw new CliError(EXIT.unreachable, {
      what: `cannot reach Temporal at ${address}`,
      fix: 'start it, or unset TEMPORAL_ADDRESS to let `up` start one',
    });
  }
  return address;
}

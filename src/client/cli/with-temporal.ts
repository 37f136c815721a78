/** Opens and closes the Temporal connection of a command. */
import { type Temporal, temporalSettings } from '../temporal/connection.ts';
import { connectWhenReachable } from '../temporal/reach.ts';
import { type Cli, say } from './cli.ts';

/** Connects, runs `work`, and always closes the connection. `waitMs`: how long the server may take to answer. */
export async function withTemporal<T>(
  cli: Cli,
  work: (temporal: Temporal) => Promise<T>,
  { waitMs = 0 }: { readonly waitMs?: number } = {},
): Promise<T> {
  const { values, note } = cli.settings();
  if (note !== undefined) say(cli, note);
  const deadline = Date.now() + waitMs;
  const temporal = await connectWhenReachable(temporalSettings(values), {
    signal: cli.signal,
    mayWait: () => Date.now() < deadline,
  });
  try {
    return await work(temporal);
  } finally {
    await temporal.close();
  }
}

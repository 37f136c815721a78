/** Temporal's development server as `up` starts it, for comparisons. */
import { join } from 'node:path';
import { obtainTemporalServer } from '../../../src/local/temporal-server/obtain.ts';
import {
  type RunningTemporalServer,
  startTemporalServer,
} from '../../../src/local/temporal-server/dev-server.ts';
import { ourSearchAttributes } from '../../../src/local/temporal-server/search-attributes.ts';
import { toolEnvironment } from '../../../src/local/tool-environment.ts';

export async function startDevServer(folder: string): Promise<RunningTemporalServer> {
  const source = await obtainTemporalServer({ environment: { ...process.env, TEMPORAL_ADDRESS: undefined } });
  if (source.kind === 'address') throw new Error('an address was set meanwhile');
  return await startTemporalServer({
    binary: source.path,
    dbFile: join(folder, 'temporal.db'),
    logFile: join(folder, 'temporal.log'),
    port: 0,
    uiPort: 0,
    searchAttributes: ourSearchAttributes(),
    environment: toolEnvironment(process.env),
  });
}

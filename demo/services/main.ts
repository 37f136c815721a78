/** The demo's outside world as services, for containers: `node dist/demo/services/main.js github|model|people`. */
import type { Environment } from '../../src/config/environment.ts';
import { SettingsError } from '../../src/config/settings-error.ts';
import { readEnvironment } from '../../src/config/secret-files.ts';
import { onStopSignals } from '../../src/host/stop-signals.ts';
import { CliError } from '../../src/client/cli/exit.ts';
import { runGitHub } from './github.ts';
import { runModel } from './model.ts';
import { runPeople } from './people.ts';

type Service = (environment: Environment, stop: AbortSignal) => Promise<void>;

const SERVICES: Readonly<Record<string, Service>> = { github: runGitHub, model: runModel, people: runPeople };

const service = SERVICES[process.argv[2] ?? ''];
if (service === undefined) end(`name one of ${Object.keys(SERVICES).join(', ')}`, 2);
const stop = new AbortController();
onStopSignals({ first: () => stop.abort(), again: () => process.exit(130) });
try {
  await service(readEnvironment(), stop.signal);
} catch (error) {
  if (error instanceof SettingsError) end(error.message, 2);
  if (error instanceof CliError) end(error.message, error.code);
  end(error instanceof Error ? (error.stack ?? error.message) : String(error), 1);
}
// Connections that are kept open must not keep the process alive.
process.exit(0);

function end(message: string, code: number): never {
  process.stderr.write(`demo: ${message}\n`);
  process.exit(code);
}

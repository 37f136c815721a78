/** The signals of one of our processes: one line in each main opens them. */
import { readFileSync } from 'node:fs';
import type { Logger } from 'pino';
import type { ProcessSettings } from '../config/environment.ts';
import { openSignals, type Signals } from '../telemetry/signals.ts';
import { openedAt } from './listening.ts';

/** Call it first in a main, and `ready()` on its result when the process accepts work. Throws `SettingsError`. */
export async function processSignals(
  name: string,
  settings: ProcessSettings,
  logger: Logger,
): Promise<Signals> {
  const setting = { name: 'SIGNALBOX_HEALTH_LISTEN', value: settings.SIGNALBOX_HEALTH_LISTEN };
  const signals = await openedAt(setting, async () =>
    openSignals({ process: name, version: ourVersion(), listen: setting.value }),
  );
  if (signals.url !== undefined) logger.info({ url: signals.url }, 'health and metrics are served');
  return signals;
}

/** This file is in src/workers, or in dist/src/workers after the build. */
function ourVersion(): string {
  const root = import.meta.url.endsWith('.ts') ? '../../' : '../../../';
  const manifest: unknown = JSON.parse(readFileSync(new URL(`${root}package.json`, import.meta.url), 'utf8'));
  return (manifest as { readonly version: string }).version;
}

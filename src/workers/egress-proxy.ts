/** The egress proxy as a process: the only way out of runners that have no other, to named hosts. It holds no secret. */
import type { Logger } from 'pino';
import { hostEntryProblem } from '../box/egress/allow-list.ts';
import { type Connection, defaultEgressLimits, PassingConnections } from '../box/egress/connections.ts';
import { dialDirectly } from '../box/egress/dial.ts';
import { openEgress } from '../box/egress/proxy.ts';
import { resolveHost } from '../box/egress/resolve.ts';
import { type Environment, processSettings } from '../config/environment.ts';
import { SettingsError } from '../config/settings-error.ts';
import { addressText } from '../host/listening.ts';
import { addressOf, openedAt, serveUntil } from './listening.ts';
import { createLogger } from './log.ts';
import { processSignals } from './signals.ts';

const HOSTS_SETTING = 'SIGNALBOX_EGRESS_HOSTS';
/** For all runners together. */
const LIMITS = { ...defaultEgressLimits, connectionsAtOnceMax: 512 };

export async function runEgressProxy(environment: Environment, stop: AbortSignal): Promise<number> {
  const settings = processSettings(environment);
  const logger = createLogger('egress-proxy', settings);
  const setting = { name: 'SIGNALBOX_EGRESS_LISTEN', value: settings.SIGNALBOX_EGRESS_LISTEN };
  const listen = addressOf(setting);
  const allowed = validHosts(HOSTS_SETTING, settings.SIGNALBOX_EGRESS_HOSTS);
  const privateHosts = 'SIGNALBOX_SETUP_PRIVATE_HOSTS';
  const privateAllowed = validHosts(privateHosts, settings[privateHosts]);
  const signals = await processSignals('egress-proxy', settings, logger);
  const proxy = await openedAt(setting, () =>
    openEgress({
      ...{ listen, allowed, allowedBy: HOSTS_SETTING, limits: LIMITS },
      dial: dialDirectly({ resolve: resolveHost, privateAllowed }),
      log: new PassingConnections(LIMITS, connection => report(logger, connection)),
    }),
  );
  const does =
    allowed.length === 0 ? `it refuses everything: ${HOSTS_SETTING} is not set` : 'to these hosts only';
  logger.info({ listen: addressText(listen), hosts: allowed }, `egress proxy is listening; ${does}`);
  return await serveUntil(stop, signals, proxy);
}

function validHosts(setting: string, hosts: readonly string[]): readonly string[] {
  for (const host of hosts)
    if (hostEntryProblem(host) !== undefined)
      throw new SettingsError({
        what: `${setting}: “${host}” is not a host`,
        fix: 'name hosts as host, host:port or .domain, separated by commas',
      });
  return hosts;
}

function report(logger: Logger, connection: Connection): void {
  if (connection.refused === undefined) logger.info({ connection }, 'connection ended');
  else logger.warn({ connection }, 'connection refused');
}

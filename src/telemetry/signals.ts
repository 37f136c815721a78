/** Opens the signals of one process: its metrics and its health, served where SIGNALBOX_HEALTH_LISTEN says. */
import type { ListenAddress } from '../host/listening.ts';
import { createHealth, type Health } from './health.ts';
import { startHealthServer } from './health-server.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { addProcessMetrics } from './process-metrics.ts';

export interface Signals {
  readonly metrics: Metrics;
  /** Until `ready` is called, the process is not healthy: it is starting. */
  readonly health: Health;
  ready(): void;
  /** More text in Prometheus' format for `/metrics`, from a part that counts by itself. */
  include(text: () => Promise<string>): void;
  /** Where they are served; undefined if the setting is not set. */
  readonly url: string | undefined;
  close(): Promise<void>;
}

export interface SignalsInput {
  /** The process as the metrics name it, for example `scheduler`. */
  readonly process: string;
  readonly version: string;
  /** The setting's value; undefined: nothing is served. */
  readonly listen: ListenAddress | undefined;
}

/**
 * Call it first in a main: from then on `/healthz` says why the process does not work yet. Rejects with the error of the
 * socket when the address cannot be used.
 */
export async function openSignals({ process, version, listen }: SignalsInput): Promise<Signals> {
  const metrics = createMetrics();
  const health = createHealth();
  const included: (() => Promise<string>)[] = [];
  addProcessMetrics(metrics, { process, version });
  health.watch(process, () => 'it is starting');
  const server =
    listen === undefined
      ? undefined
      : await startHealthServer({
          listen,
          health,
          metrics: async () => await allText([() => metrics.text(), ...included]),
        });
  return {
    metrics,
    health,
    ready: () => health.watch(process, () => undefined),
    include: text => void included.push(text),
    url: server?.url,
    close: async () => await server?.close(),
  };
}

/** A part that does not answer leaves its text out. */
async function allText(parts: readonly (() => Promise<string>)[]): Promise<string> {
  const texts = await Promise.allSettled(parts.map(async part => await part()));
  return texts.map(text => (text.status === 'fulfilled' ? text.value : '')).join('');
}

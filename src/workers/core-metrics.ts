/**
 * The metrics that Temporal's SDK keeps itself. It can only serve them on a port of its own: this is a free one on
 * loopback, and `/metrics` of the process contains its text.
 */
import type { TelemetryOptions } from '@temporalio/worker';
import { RUN_COST } from '../contracts/workflow-metrics.ts';
import { LOOPBACK, reservePorts } from '../local/ports.ts';
import type { Signals } from '../telemetry/signals.ts';

const TIMEOUT_MS = 2_000;

/** The SDK counts only where the signals are served. */
export async function coreTelemetry(signals: Signals): Promise<TelemetryOptions> {
  if (signals.url === undefined) return {};
  const [port = 0] = await reservePorts([
    { port: 0, what: "the metrics of Temporal's SDK", setting: 'SIGNALBOX_HEALTH_LISTEN' },
  ]);
  const bindAddress = `${LOOPBACK}:${port}`;
  signals.include(async () => {
    const response = await fetch(`http://${bindAddress}/metrics`, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return await response.text();
  });
  return {
    metrics: {
      prometheus: {
        bindAddress,
        countersTotalSuffix: true,
        unitSuffix: true,
        useSecondsForDurations: true,
        histogramBucketOverrides: { [RUN_COST.name]: [...RUN_COST.buckets] },
      },
    },
  };
}

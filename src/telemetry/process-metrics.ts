/** What every process says about itself: who it is, since when, processor time, memory, delay of the event loop. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

const RESOLUTION_MS = 20;

export function addProcessMetrics(metrics: Metrics, about: { process: string; version: string }): void {
  const startedAt = Date.now() / 1_000 - process.uptime();
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  let cpuSeconds = 0;
  metrics.set('signalbox_build_info', about, 1);
  metrics.set('process_start_time_seconds', {}, startedAt);
  metrics.beforeText(() => {
    const { user, system } = process.cpuUsage();
    const now = (user + system) / 1e6;
    metrics.add('process_cpu_seconds_total', {}, now - cpuSeconds);
    cpuSeconds = now;
    metrics.set('process_resident_memory_bytes', {}, process.memoryUsage.rss());
    // The histogram measures whole intervals, not only what they are late.
    const late = delay.percentile(99) / 1e9 - RESOLUTION_MS / 1_000;
    metrics.set('nodejs_eventloop_lag_p99_seconds', {}, Math.max(0, Number.isFinite(late) ? late : 0));
    delay.reset();
  });
}

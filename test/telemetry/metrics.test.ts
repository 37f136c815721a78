/** Metrics in memory and as text: escaped, bounded in number, and in the form that Prometheus reads. */
import { expect, test } from '@jest/globals';
import { METRICS, type MetricRow } from '../../src/telemetry/metric-table.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { openSignals } from '../../src/telemetry/signals.ts';

test('counters add up by their labels, and have help and type', async () => {
  const metrics = createMetrics();
  metrics.add('signalbox_webhooks_total', { outcome: 'duplicate' });
  metrics.add('signalbox_webhooks_total', { outcome: 'duplicate' }, 2);
  metrics.add('signalbox_webhooks_total', { outcome: 'too-large' });
  expect(await metrics.text()).toBe(
    [
      '# HELP signalbox_webhooks_total Webhooks received, by outcome.',
      '# TYPE signalbox_webhooks_total counter',
      'signalbox_webhooks_total{outcome="duplicate"} 3',
      'signalbox_webhooks_total{outcome="too-large"} 1',
      '',
    ].join('\n'),
  );
});

test('a histogram counts each value in every bucket that holds it', async () => {
  const metrics = createMetrics();
  for (const seconds of [0.5, 5, 5, 9_999]) metrics.observe('signalbox_webhook_lag_seconds', seconds);
  const text = await metrics.text();
  for (const line of [
    '_bucket{le="1"} 1',
    '_bucket{le="2"} 1',
    '_bucket{le="5"} 3',
    '_bucket{le="1800"} 3',
    '_bucket{le="+Inf"} 4',
    '_sum 10009.5',
    '_count 4',
  ])
    expect(text).toContain(`signalbox_webhook_lag_seconds${line}\n`);
});

test('a replaced gauge forgets what is not named any more', async () => {
  const metrics = createMetrics();
  metrics.replace('signalbox_issues', [{ labels: { stage: 'pr', hold: 'none' }, value: 2 }]);
  metrics.replace('signalbox_issues', [{ labels: { stage: 'merged', hold: 'none' }, value: 1 }]);
  const text = await metrics.text();
  expect(text).toContain('signalbox_issues{stage="merged",hold="none"} 1\n');
  expect(text).not.toContain('stage="pr"');
});

test('label values cannot break out of their line', async () => {
  const metrics = createMetrics();
  metrics.add('signalbox_model_cost_usd_total', { model: 'a"} 1\nforged 2 \\' }, 1);
  expect(await metrics.text()).toContain('{model="a\\"} 1\\nforged 2 \\\\"} 1\n');
});

test('beyond the bound of a metric, further series are counted together', async () => {
  const metrics = createMetrics();
  const { seriesMax } = METRICS.signalbox_model_cost_usd_total;
  for (let n = 0; n < seriesMax + 50; n += 1)
    metrics.add('signalbox_model_cost_usd_total', { model: `model-${n}` });
  const lines = (await metrics.text()).split('\n').filter(line => line.startsWith('signalbox_model_cost'));
  expect(lines).toHaveLength(seriesMax);
  expect(lines.at(-1)).toBe('signalbox_model_cost_usd_total{model="other"} 51');
});

test('a read that fails leaves the other metrics', async () => {
  const metrics = createMetrics();
  metrics.beforeText(() => Promise.reject(new Error('gone')));
  metrics.set('signalbox_model_open_runs', {}, 3);
  expect(await metrics.text()).toContain('signalbox_model_open_runs 3\n');
});

test('every process tells who it is, and what it uses', async () => {
  const signals = await openSignals({ process: 'runner', version: '1.2.3', listen: undefined });
  const text = await signals.metrics.text();
  expect(text).toContain('signalbox_build_info{process="runner",version="1.2.3"} 1\n');
  expect(text).toMatch(/^process_resident_memory_bytes [1-9]\d{6,}$/m);
  expect(text).toMatch(/^process_cpu_seconds_total \d+\.\d+$/m);
  expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds [\d.e-]+$/m);
});

const rows: readonly [string, MetricRow][] = Object.entries(METRICS);
test.each(rows)('%s has a name by the conventions of Prometheus', (name, { kind, buckets, labels }) => {
  expect(name).toMatch(/^(?:signalbox|process|nodejs)_[a-z0-9_]+$/);
  expect(name.endsWith('_total')).toBe(kind === 'counter');
  expect(name).not.toMatch(/_(?:ms|milliseconds|minutes|kb)(?:_|$)/);
  expect(buckets !== undefined).toBe(kind === 'histogram');
  for (const label of labels) expect(label).toMatch(/^[a-z][a-z_]*$/);
});

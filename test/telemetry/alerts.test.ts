/** The alert rules: every rule uses metrics that exist, has its section on the page, and is tested in both directions. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync, copyFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { namesIn, OUR_METRICS, SDK_METRICS, servedNames } from '../../scripts/support/metric-names.ts';
import { alertRules } from '../../scripts/support/monitoring-page.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';

const root = new URL('../../', import.meta.url);
const folder = fileURLToPath(new URL('deploy/prometheus/', root));
const rules = alertRules(root);
const page = readFileSync(new URL('docs/monitoring.md', root), 'utf8');
const unitTests = readFileSync(join(folder, 'alerts.test.yml'), 'utf8');
const known = new Set([...OUR_METRICS, ...SDK_METRICS].map(({ name }) => name));

test('names are found in expressions, and only there', () => {
  expect(
    namesIn('sum by (le) (rate(signalbox_a_seconds_bucket{x="signalbox_b"}[5m])) > up{job="x"}'),
  ).toEqual(['signalbox_a_seconds', 'up']);
});

test.each(rules)('$alert uses only metrics that exist', ({ expr }) => {
  const names = namesIn(expr);
  expect(names).not.toHaveLength(0);
  expect(names.filter(name => name !== 'up' && !known.has(name))).toEqual([]);
});

test.each(rules)('$alert leads to its section of the page', ({ alert, annotations }) => {
  expect(new URL(annotations.runbook_url).hash).toBe(`#${alert.toLowerCase()}`);
  expect(page).toContain(`\n### ${alert}\n`);
});

test.each(rules)('$alert has a case in which it fires and one in which it stays quiet', ({ alert }) => {
  expect(unitTests).toContain(`name: ${alert} fires\n`);
  expect(unitTests).toContain(`name: ${alert} stays quiet\n`);
});

test('expressions on the page use only metrics that exist', () => {
  const names = [...page.matchAll(/`([^`\n]*\b(?:signalbox|temporal)_[^`\n]*)`/g)].flatMap(([, text = '']) =>
    namesIn(text),
  );
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter(name => !known.has(name))).toEqual([]);
});

test('the example configuration has a job for each job that a rule names', () => {
  const { scrape_configs: jobs } = parse(readFileSync(join(folder, 'prometheus.yml'), 'utf8')) as {
    readonly scrape_configs: readonly { readonly job_name: string }[];
  };
  const named = rules.flatMap(({ expr }) => expr.match(/signalbox-(?:scheduler|gateway)\b/g) ?? []);
  expect(jobs.map(({ job_name }) => job_name)).toEqual(expect.arrayContaining(named.slice(0, 1)));
});

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
const withPromtool = hasPromtool ? test : test.skip;
const why = hasPromtool ? '' : ' (skipped: no promtool on the PATH)';

function promtool(args: readonly string[], input = ''): string {
  return execFileSync('promtool', args, { cwd: folder, input, encoding: 'utf8', stdio: 'pipe' });
}

withPromtool(`promtool accepts rules and configuration, and each rule fires when it must${why}`, () => {
  expect(promtool(['check', 'rules', 'alerts.yml'])).toContain(`${rules.length} rules found`);
  expect(promtool(['check', 'config', 'prometheus.yml'])).toContain('SUCCESS');
  expect(promtool(['test', 'rules', 'alerts.test.yml'])).toContain('SUCCESS');
});

withPromtool(`the unit tests find a rule that never fires${why}`, () => {
  const dir = mkdtempSync(join(tmpdir(), 'signalbox-rules-'));
  try {
    copyFileSync(join(folder, 'alerts.test.yml'), join(dir, 'alerts.test.yml'));
    const text = readFileSync(join(folder, 'alerts.yml'), 'utf8');
    writeFileSync(
      join(dir, 'alerts.yml'),
      text.replace('max(signalbox_issues_without_worker) > 0', 'vector(0) > 0'),
    );
    const tested = spawnSync('promtool', ['test', 'rules', 'alerts.test.yml'], {
      cwd: dir,
      encoding: 'utf8',
    });
    expect([tested.status, `${tested.stdout}${tested.stderr}`]).toEqual([
      1,
      expect.stringContaining('SignalboxIssuesWithoutWorker'),
    ]);
  } finally {
    rmSync(dir, { recursive: true });
  }
});

withPromtool(`promtool reads every kind of metric, and finds nothing to correct${why}`, async () => {
  const metrics = createMetrics();
  metrics.add('signalbox_webhooks_total', { outcome: 'a "quoted" \\ one\n' });
  metrics.set('signalbox_model_open_runs', {}, 1.5);
  metrics.observe('signalbox_webhook_lag_seconds', 3);
  const text = await metrics.text();
  expect(servedNames(text)).toHaveLength(3);
  expect(promtool(['check', 'metrics'], text)).toBe('');
});

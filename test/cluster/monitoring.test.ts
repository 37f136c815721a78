/** A real Prometheus watches real processes with the configuration and the rules that we ship. */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type DescribedMetric, OUR_METRICS, SDK_METRICS } from '../../scripts/support/metric-names.ts';
import { alertRules } from '../../scripts/support/monitoring-page.ts';
import { until } from '../support/until.ts';
import { startDevServer } from './support/dev-server.ts';
import { type FleetInput, type Group, startRunners, startSchedulers } from './support/fleet.ts';
import { allEnded, followAll, type Life, optIn } from './support/lives.ts';
import { openIssues } from './support/issues.ts';
import { print } from './support/print.ts';
import { NO_PROMETHEUS, type Prometheus, startPrometheus } from './support/prometheus.ts';
import { type ClusterStage, fleetIn, openClusterStage } from './support/stage.ts';

const LIMIT_MS = 3 * 60_000;
/** Each job, and the log of its process, which names the port. */
const LOGS = new Map([
  ['signalbox-scheduler', 'scheduler/logs/scheduler.log'],
  ['signalbox-runner', 'runner/logs/runner.log'],
  ['signalbox-model-gateway', 'model-gateway-1/logs/model-gateway.log'],
  ['signalbox-gateway', 'gateway/logs/gateway.log'],
]);

/** Only counted when something goes wrong, which a healthy life does not do. */
const RARE = [
  'signalbox_model_refusals_total',
  'temporal_activity_execution_failed_total',
  'temporal_request_failure_total',
  'temporal_workflow_task_execution_failed_total',
];

const withPrometheus = NO_PROMETHEUS === undefined ? test : test.skip;
const why = NO_PROMETHEUS === undefined ? '' : ` (skipped: ${NO_PROMETHEUS})`;

let stage: ClusterStage;
let fleet: FleetInput;
let runners: Group;
let prometheus: Prometheus;

beforeAll(async () => {
  stage = await openClusterStage();
  const { later, folder } = stage;
  const server = await startDevServer(folder);
  later(server.stop);
  const temporal = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
  const values = { ...temporal, SIGNALBOX_HEALTH_LISTEN: '127.0.0.1:0' };
  fleet = { ...(await fleetIn(stage, 'hosts', values)), restart: 'never' };
  later((await startSchedulers(fleet, { names: ['scheduler'] })).stop);
  runners = await startRunners(fleet, ['runner']);
  later(runners.stop);
  const addresses = await Promise.all(
    [...LOGS].map(async ([job, log]) => [job, await addressIn(join(fleet.folder, log))] as const),
  );
  prometheus = await startPrometheus(join(folder, 'prometheus'), new Map(addresses));
  later(prometheus.stop);
});
afterAll(() => stage.close());

withPrometheus(`every process is up, and every rule is evaluated and finds nothing${why}`, async () => {
  await settled('targets', async () => (await prometheus.targets()).every(({ health }) => health === 'up'));
  // The first overview can be older than the runner's first question for work; the next one is read after 30 s.
  const polls = 'signalbox_queue_pollers{queue="signalbox-runner"} == 1';
  await settled('the runner asks for work', async () => (await prometheus.query(polls)).length === 1);
  await settled('rules', async () =>
    (await prometheus.rules()).every(({ health, state }) => health === 'ok' && state === 'inactive'),
  );
  const targets = await prometheus.targets();
  expect(targets.map(({ labels }) => labels.job).sort()).toEqual([...LOGS.keys()].sort());
  const rules = await prometheus.rules();
  expect(rules.map(({ name }) => name)).toEqual(
    alertRules(new URL('../../', import.meta.url)).map(({ alert }) => alert),
  );
});

withPrometheus(`a healthy life has a series of each metric, and no alert${why}`, async () => {
  const startedAt = Date.now();
  const issues = await openIssues(stage.outside, ['watched']);
  const place = { outside: stage.outside, values: fleet.values, issues, limitMs: LIMIT_MS };
  await optIn(place);
  const atStart = (lives: readonly Life[]): boolean => lives.every(({ view }) => view.hold?.gate === 'start');
  await followAll({ ...place, what: 'parked', until: atStart, closed: ['start'] });
  const hold = 'signalbox_hold_oldest_age_seconds{hold="gate:start"}';
  await settled('the hold is seen', async () => (await prometheus.query(hold)).length === 1);
  const lives = await followAll({ ...place, what: 'released', until: allEnded });
  expect(lives.map(({ view }) => view.stage)).toEqual(['release-verified']);
  const asked = `min(timestamp(up)) > ${Date.now() / 1_000}`;
  await settled('all were asked after the end', async () => (await prometheus.query(asked)).length === 1);

  const time = `${Math.floor((Date.now() - startedAt) / 1_000)}s`;
  const missing = await metricsWithoutSeries(time);
  expect(missing.filter(name => !RARE.includes(name))).toEqual([]);
  expect(missing).toContain('signalbox_model_refusals_total');
  expect(await prometheus.query(`last_over_time(ALERTS[${time}])`)).toEqual([]);
  await printScrapes(time);
});

withPrometheus(`a killed runner is reported, and nothing else${why}`, async () => {
  runners.supervisor.kill('runner', 'SIGKILL');
  const alerts = async (): Promise<readonly string[]> =>
    (await prometheus.query('ALERTS'))
      .map(({ labels }) => `${labels['alertname']} ${labels['job'] ?? ''}`.trim())
      .sort();
  // Temporal's list of who asks for work is counted for 75 s, and read every 30 s.
  await settled('the queue has no runner', async () => (await alerts()).includes('SignalboxNoRunnerPolls'));
  expect(await alerts()).toEqual(['SignalboxNoRunnerPolls', 'SignalboxProcessDown signalbox-runner']);
});

async function settled(what: string, look: () => Promise<boolean>): Promise<void> {
  await until(what, async () => (await look()) || undefined, LIMIT_MS);
}

async function addressIn(log: string): Promise<string> {
  return await until(`${log} names the port`, async () => {
    const line = (await readFile(log, 'utf8'))
      .split('\n')
      .find(one => one.includes('health and metrics are served'));
    return line === undefined ? undefined : new URL((JSON.parse(line) as { readonly url: string }).url).host;
  });
}

/** Of our tables: those that not every process, or not one of the named kinds of process, has served within the time. */
async function metricsWithoutSeries(time: string): Promise<readonly string[]> {
  const series = await prometheus.query(
    `count by (__name__, job) (last_over_time({job=~"signalbox-.+"}[${time}]))`,
  );
  // Histograms have three kinds of series.
  const served = new Set(
    series.map(
      ({ labels }) => `${labels['job']} ${labels['__name__']?.replace(/_(?:bucket|sum|count)$/, '')}`,
    ),
  );
  const isServed = ({ name, servedBy }: DescribedMetric): boolean =>
    servedBy.includes('every process')
      ? [...LOGS.keys()].every(job => served.has(`${job} ${name}`))
      : servedBy.some(process => served.has(`signalbox-${process} ${name}`));
  return [...OUR_METRICS, ...SDK_METRICS].filter(metric => !isServed(metric)).map(({ name }) => name);
}

/** Figures of docs/monitoring.md. */
async function printScrapes(time: string): Promise<void> {
  const [machine] = cpus();
  print(`${cpus().length} × ${machine?.model ?? '?'}, ${new Date().toISOString().slice(0, 10)}`);
  const of = async (expression: string): Promise<ReadonlyMap<string, number>> =>
    new Map(
      (await prometheus.query(expression)).map(({ labels, value }) => [labels['job'] ?? '', value] as const),
    );
  const [mean, highest, samples] = [
    await of(`avg_over_time(scrape_duration_seconds[${time}])`),
    await of(`max_over_time(scrape_duration_seconds[${time}])`),
    await of('scrape_samples_scraped'),
  ];
  print('| process | mean | highest | samples |');
  print('|---|---|---|---|');
  for (const job of LOGS.keys())
    print(`| ${job} | ${ms(mean.get(job))} | ${ms(highest.get(job))} | ${samples.get(job) ?? '?'} |`);
}

const ms = (seconds = Number.NaN): string => `${(seconds * 1_000).toFixed(1)} ms`;

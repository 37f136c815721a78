/** A complete life, watched as an operator watches it: the metrics that each process serves, and the lines it logs. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import type { Stage } from '../../demo/stage.ts';
import { namesIn, OUR_METRICS, SDK_METRICS, servedNames } from '../../scripts/support/metric-names.ts';
import { alertRules } from '../../scripts/support/monitoring-page.ts';
import { issueName } from '../../src/domain/issue-ref.ts';
import { playLine } from './support/line.ts';

const WATCHED = ['scheduler', 'runner', 'model-gateway', 'gateway'] as const;
type Watched = (typeof WATCHED)[number];

interface Line {
  readonly msg?: string;
  readonly url?: string;
  readonly activity?: string;
  readonly issue?: string;
  readonly generation?: number;
  readonly run?: string;
}

async function linesOf(stage: Stage, process: Watched): Promise<readonly Line[]> {
  const text = await readFile(join(stage.dataDir, 'logs', `${process}.log`), 'utf8');
  return text
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Line);
}

/** The port is free, so the log says where. */
async function urlOf(stage: Stage, process: Watched): Promise<string> {
  return (
    (await linesOf(stage, process)).find(({ msg }) => msg === 'health and metrics are served')?.url ?? ''
  );
}

async function textOf(stage: Stage, process: Watched): Promise<string> {
  return await (await fetch(`${await urlOf(stage, process)}/metrics`)).text();
}

/** Only counted when something goes wrong, which this life does not do. */
const RARE = [
  'signalbox_issues_without_worker',
  'temporal_activity_execution_failed_total',
  'temporal_request_failure_total',
  'temporal_workflow_task_execution_failed_total',
  'up',
];

interface Watch {
  /** All names that each process served at some time. */
  readonly names: ReadonlyMap<Watched, ReadonlySet<string>>;
  readonly last: ReadonlyMap<Watched, string>;
  readonly lines: ReadonlyMap<Watched, readonly Line[]>;
  readonly healths: readonly string[];
  readonly issue: string;
}

async function watchedLife(): Promise<Watch> {
  const names = new Map(WATCHED.map(process => [process, new Set<string>()]));
  const last = new Map<Watched, string>();
  const lines = new Map<Watched, readonly Line[]>();
  const healths: string[] = [];
  let issue = '';
  const scrape = async (stage: Stage): Promise<void> => {
    for (const process of WATCHED) {
      const text = await textOf(stage, process);
      last.set(process, text);
      for (const name of servedNames(text)) names.get(process)?.add(name);
    }
  };
  let seenAtGate = false;
  await playLine({
    stage: { values: { SIGNALBOX_HEALTH_LISTEN: '127.0.0.1:0', SIGNALBOX_LOG_LEVEL: 'debug' } },
    onChapter: async ({ view }, stage) => {
      // The overview is read at most every 30 seconds: now there is an issue and a hold to tell of.
      if (seenAtGate || view.hold === null) return;
      seenAtGate = true;
      await scrape(stage);
    },
    inspect: async stage => {
      issue = issueName(stage.issue);
      await scrape(stage);
      for (const process of WATCHED) {
        healths.push(await (await fetch(`${await urlOf(stage, process)}/healthz`)).text());
        lines.set(process, await linesOf(stage, process));
      }
    },
  });
  return { names, last, lines, healths, issue };
}

const watch = await watchedLife();

test('every process is healthy', () => {
  expect(watch.healths).toEqual(WATCHED.map(() => 'ok\n'));
});

test.each(WATCHED)('%s serves no metric of ours that the table does not say it serves', process => {
  const ours = [...(watch.names.get(process) ?? [])].filter(name => !name.startsWith('temporal_'));
  expect(ours.length).toBeGreaterThan(5);
  const described = OUR_METRICS.filter(({ servedBy }) =>
    servedBy.some(by => by === process || by === 'every process'),
  ).map(({ name }) => name);
  expect(described).toEqual(expect.arrayContaining(ours));
});

test('what the alert rules and the page use is really served', () => {
  const served = new Set([...watch.names.values()].flatMap(names => [...names]));
  const used = alertRules(new URL('../../', import.meta.url)).flatMap(({ expr }) => namesIn(expr));
  const described = SDK_METRICS.map(({ name }) => name);
  const missing = [...used, ...described].filter(name => !served.has(name) && !RARE.includes(name));
  expect(missing).toEqual([]);
});

test('the metrics tell this life', () => {
  const scheduler = watch.last.get('scheduler') ?? '';
  expect(scheduler).toMatch(/^signalbox_run_endings_total\{.*ending="patch".*\} 1$/m);
  expect(scheduler).toMatch(/^signalbox_run_cost_usd_count\{.*\} 1$/m);
  expect(scheduler).toMatch(/^signalbox_github_requests_total\{class="POST pulls",status="201"\} 1$/m);
  expect(scheduler).toMatch(/^signalbox_queue_pollers\{queue="signalbox-runner",kind="activity"\} 1$/m);
  expect(watch.last.get('model-gateway')).toMatch(
    /^signalbox_model_requests_total\{model=".+",outcome="ok"\} [1-9]/m,
  );
  expect(watch.last.get('gateway')).toMatch(/^signalbox_webhooks_total\{outcome="handed-over"\} [1-9]/m);
});

test('every log line of an activity names its issue and generation, and its run where there is one', () => {
  const { issue } = watch;
  const ended = (watch.lines.get('runner') ?? []).find(({ msg }) => msg === 'run ended');
  expect(ended).toMatchObject({ issue, generation: 1, run: 'g1-a1', activity: 'runAgent', try: 1 });
  const ofActivities = [...watch.lines.values()].flat().filter(({ activity }) => activity !== undefined);
  const ofIssues = ofActivities.filter(({ activity = '' }) => !SCANS.includes(activity));
  expect(ofIssues.length).toBeGreaterThan(10);
  for (const line of ofIssues) expect(line).toMatchObject({ issue, generation: 1 });
});

const SCANS = ['scanRepository', 'startIssues'];

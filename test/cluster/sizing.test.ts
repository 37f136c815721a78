/** Measures what docs/sizing.md reports, and prints it: `npm run test:cluster -- sizing`. Nothing here asserts a figure. */
import { cpus, release, totalmem } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { atTemporal } from '../../src/client/temporal/connection.ts';
import { issueWorkflowId } from '../../src/contracts/names.ts';
import type { IssueRef } from '../../src/domain/issue-ref.ts';
import { listBucket } from './support/bucket.ts';
import { startRunners, startSchedulers } from './support/fleet.ts';
import { allEnded, followAll, type Life, optIn } from './support/lives.ts';
import { meteredIn, type Metered, type Reading, startMeter } from './support/meter.ts';
import { openIssues, openIssuesIn } from './support/issues.ts';
import { print } from './support/print.ts';
import { type ClusterStage, fleetIn, openCluster, openClusterStage } from './support/stage.ts';
import type { TemporalCluster } from './support/temporal-cluster.ts';

const LIVES = 12;
const PARKED = 100;
/** Long enough for a scan of each repository. */
const IDLE_MS = 60_000;
const LIMIT_MS = 6 * 60_000;

let stage: ClusterStage;
let cluster: TemporalCluster;
let processes: readonly Metered[];

beforeAll(async () => {
  stage = await openClusterStage();
  cluster = await openCluster(stage);
  const fleet = await fleetIn(stage, 'hosts', cluster.values);
  const [schedulers, runners] = [await startSchedulers(fleet), await startRunners(fleet)];
  stage.later(schedulers.stop);
  stage.later(runners.stop);
  const store = { name: 'S3 server', pid: stage.bucket.server.pid, whole: false };
  const boxes = meteredIn(runners.supervisor)
    .filter(({ name }) => name.startsWith('runner'))
    .map(({ name, pid }) => ({ name: `${name} with its boxes`, pid, whole: true }));
  processes = [
    ...meteredIn(cluster.supervisor, ['postgresql']),
    store,
    ...meteredIn(schedulers.supervisor),
    ...meteredIn(runners.supervisor),
    ...boxes,
  ];
});
afterAll(() => stage.close());

test('figures of a cluster: idle, with twelve issues at once, with 100 parked issues', async () => {
  const { outside } = stage;
  const place = { outside, values: cluster.values, limitMs: LIMIT_MS };
  const idle = await during(() => delay(IDLE_MS));

  const [emptyDatabase, emptyBucket] = [await databaseKb(), await bucketKb()];
  const issues = await openIssues(
    outside,
    Array.from({ length: LIVES }, (_, at) => `life-${at + 1}`),
  );
  const startedAt = Date.now();
  const working = await during(async () => {
    await optIn({ ...place, issues });
    await followAll({ ...place, issues, what: 'released', until: allEnded });
  });
  const minutes = (Date.now() - startedAt) / 60_000;
  const [database, bucket] = [await databaseKb(), await bucketKb()];

  const parked = await openIssuesIn(outside, 'parked', PARKED);
  const atStart = (lives: readonly Life[]): boolean => lives.every(({ view }) => view.hold?.gate === 'start');
  await optIn({ ...place, issues: parked });
  await followAll({ ...place, issues: parked, what: 'parked', until: atStart, closed: ['start'] });
  const resting = await during(() => delay(IDLE_MS));

  const [machine] = cpus();
  print(
    `${cpus().length} × ${machine?.model ?? '?'}, ${gb(totalmem())} GB, Linux ${release()}, ${new Date().toISOString().slice(0, 10)}`,
  );
  print(`lives per minute: ${(LIVES / minutes).toFixed(1)}`);
  print(
    `per life: database ${kb(database - emptyDatabase, LIVES)}, bucket ${kb(bucket - emptyBucket, LIVES)}, ${await events(issues)} history events`,
  );
  print(
    `per parked issue: database ${kb((await databaseKb()) - database, PARKED)}, bucket ${kb((await bucketKb()) - bucket, PARKED)}, ${await events(parked)} history events`,
  );
  print('| process | idle | twelve issues | 100 parked |');
  print('|---|---|---|---|');
  for (const { name } of processes)
    print(`| ${name} | ${[idle, working, resting].map(one => cell(one.get(name))).join(' | ')} |`);
  expect(processes.length).toBeGreaterThan(0);
});

async function during(work: () => Promise<unknown>): Promise<ReadonlyMap<string, Reading>> {
  const meter = startMeter(processes);
  await work();
  return await meter.read();
}

function cell(reading: Reading | undefined): string {
  if (reading === undefined) return '';
  return `${reading.memoryMb.toFixed(0)} MB, ${reading.cpuPercent.toFixed(1)} %`;
}

/** Of both databases. */
async function databaseKb(): Promise<number> {
  const query = "select sum(pg_database_size(datname)) from pg_database where datname like 'temporal%'";
  return Number(await cluster.postgresql.tool('psql', '-At', '-d', 'temporal', '-c', query)) / 1_024;
}

async function bucketKb(): Promise<number> {
  return (await listBucket(stage.bucket.server)).reduce((sum, { bytes }) => sum + bytes, 0) / 1_024;
}

/** The mean length of the histories. */
async function events(issues: readonly IssueRef[]): Promise<number> {
  const lengths = await atTemporal(cluster.values, ({ client }) =>
    Promise.all(
      issues.map(
        async issue => (await client.workflow.getHandle(issueWorkflowId(issue)).describe()).historyLength,
      ),
    ),
  );
  return Math.round(lengths.reduce((sum, length) => sum + length, 0) / lengths.length);
}

const kb = (all: number, count: number): string => `${Math.round(all / count)} kB`;
const gb = (bytes: number): string => (bytes / 2 ** 30).toFixed(0);

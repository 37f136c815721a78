/**
 * Twelve issues at once on a cluster whose parts share nothing but Temporal and a bucket, while processes are killed; and
 * the same on the development server without kills, for comparison.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { BOT } from '../../demo/project.ts';
import type { Environment } from '../../src/config/environment.ts';
import type { IssueRef } from '../../src/domain/issue-ref.ts';
import { startDevServer } from './support/dev-server.ts';
import { startRunners, startSchedulers } from './support/fleet.ts';
import { killInFlight } from './support/in-flight.ts';
import { allEnded, followAll, type Life, optIn } from './support/lives.ts';
import { outcomeOf, released } from './support/one-of-each.ts';
import { openIssues } from './support/issues.ts';
import { type ClusterStage, fleetIn, openCluster, openClusterStage } from './support/stage.ts';
import { print } from './support/print.ts';

const LIVES = 12;
const LIMIT_MS = 6 * 60_000;

let stage: ClusterStage;
beforeAll(async () => {
  stage = await openClusterStage();
});
afterAll(() => stage.close());

/** Lives per minute of each place. */
const rates = new Map<string, number>();

test('twelve issues at once are released with one of each, though a history process, a scheduler and a runner are killed', async () => {
  const { outside } = stage;
  const cluster = await openCluster(stage);
  const { values } = cluster;
  const fleet = await fleetIn(stage, 'on-cluster', values);
  const schedulers = await startSchedulers(fleet);
  stage.later(schedulers.stop);
  const runners = await startRunners(fleet);
  stage.later(runners.stop);
  const issues = await twelve('killed');

  const runner = { supervisor: runners.supervisor, name: 'runner-1' };
  const scheduler = { supervisor: schedulers.supervisor, name: 'scheduler-1' };
  const history = { supervisor: cluster.supervisor, name: 'history-1' };
  const strike = { values, issues, limitMs: LIMIT_MS };
  outside.github.requests.reset();
  const kills = (async () => {
    await killInFlight({ ...strike, victim: history, worker: runner, activity: 'runAgent' });
    await killInFlight({ ...strike, victim: scheduler });
    await killInFlight({ ...strike, victim: runner, activity: 'runAgent' });
  })();
  const [lives] = await Promise.all([twelveLives(values, issues, 'cluster, with three kills'), kills]);

  const outcomes = await Promise.all(lives.map(life => outcomeOf(life, stage)));
  expect(outcomes).toEqual(lives.map(({ view }) => released(view.issue)));
  printRequests(lives);
  await runners.stop();
  await schedulers.stop();
  await cluster.stop();
});

test('the same twelve on the development server, for comparison', async () => {
  const server = await startDevServer(stage.folder);
  stage.later(server.stop);
  const values = { TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
  const fleet = await fleetIn(stage, 'on-dev-server', values);
  stage.later((await startSchedulers(fleet)).stop);
  stage.later((await startRunners(fleet)).stop);
  stage.outside.github.requests.reset();
  const lives = await twelveLives(values, await twelve('compared'), 'development server');
  const outcomes = await Promise.all(lives.map(life => outcomeOf(life, stage)));
  expect(outcomes).toEqual(lives.map(({ view }) => released(view.issue)));
  printRequests(lives);
  const [first = Number.NaN, second = Number.NaN] = rates.values();
  print(`ratio ${(first / second).toFixed(2)}`);
});

function twelve(prefix: string): Promise<readonly IssueRef[]> {
  return openIssues(
    stage.outside,
    Array.from({ length: LIVES }, (_, at) => `${prefix}-${at + 1}`),
  );
}

async function twelveLives(
  values: Environment,
  issues: readonly IssueRef[],
  where: string,
): Promise<readonly Life[]> {
  const place = { outside: stage.outside, values, issues };
  const startedAt = Date.now();
  await optIn(place);
  const lives = await followAll({ ...place, until: allEnded, what: 'all are released', limitMs: LIMIT_MS });
  const seconds = (Date.now() - startedAt) / 1_000;
  rates.set(where, (LIVES / seconds) * 60);
  print(
    `${where}: ${LIVES} lives in ${seconds.toFixed(1)} s, ${((LIVES / seconds) * 60).toFixed(1)} per minute`,
  );
  return lives;
}

/** By route, the most frequent first. */
function printRequests(lives: readonly Life[]): void {
  const requests = stage.outside.github.requests
    .find({ user: BOT })
    .filter(({ route }) => !route.startsWith('git-'));
  print(`${requests.length} GitHub requests for ${LIVES} lives, ${runsOf(lives)} runs`);
  const byRoute = new Map<string, number>();
  for (const { method, route } of requests)
    byRoute.set(`${method} ${route}`, (byRoute.get(`${method} ${route}`) ?? 0) + 1);
  for (const [route, count] of [...byRoute].sort(([, a], [, b]) => b - a)) print(`${count} ${route}`);
}

function runsOf(lives: readonly Life[]): number {
  return lives.reduce((sum, { view }) => sum + view.runs, 0);
}

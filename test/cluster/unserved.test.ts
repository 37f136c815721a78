/** Issues whose workflow code no scheduler runs any more are found within a minute, and one command moves them. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { shelfKey } from '../../src/artifacts/bucket/keys.ts';
import { until } from '../support/until.ts';
import { signalbox } from './support/cli.ts';
import { type FleetInput, startRunners, startSchedulers } from './support/fleet.ts';
import { allEnded, followAll, type Life, optIn } from './support/lives.ts';
import { outcomeOf, released } from './support/one-of-each.ts';
import { openIssues } from './support/issues.ts';
import { otherRelease, type Release, thisRelease } from './support/other-build.ts';
import { pinnedTo } from './support/rollout.ts';
import { type ClusterStage, fleetIn, openCluster, openClusterStage } from './support/stage.ts';
import type { TemporalCluster } from './support/temporal-cluster.ts';

const FOUND_WITHIN_MS = 60_000;
const LIMIT_MS = 3 * 60_000;

let stage: ClusterStage;
let cluster: TemporalCluster;
let fleet: FleetInput;
let gone: Release;
let present: Release;

beforeAll(async () => {
  stage = await openClusterStage();
  cluster = await openCluster(stage);
  fleet = await fleetIn(stage, 'hosts', cluster.values);
  stage.later((await startRunners(fleet)).stop);
  const folder = join(stage.folder, 'gone-release');
  await mkdir(folder);
  present = await thisRelease();
  const [from, to] = ["requires a person's approval", 'requires the approval of a person'];
  gone = await otherRelease(folder, { file: 'src/domain/gate.ts', from, to });
});
afterAll(() => stage.close());

test('an issue whose build is gone is found within 60 s, moved by one command, and released with one of each', async () => {
  const place = { outside: stage.outside, values: cluster.values, limitMs: LIMIT_MS };
  const before = await startSchedulers(fleet, { names: ['gone-1', 'gone-2'], program: gone.program ?? '' });
  stage.later(before.stop);
  const issues = await openIssues(stage.outside, ['left-1', 'left-2']);
  await optIn({ ...place, issues });
  const atStart = (lives: readonly Life[]): boolean => lives.every(({ view }) => view.hold?.gate === 'start');
  await followAll({ ...place, issues, what: 'parked', until: atStart, closed: ['start'] });
  expect(await pinnedTo(cluster, gone.buildId)).toBe(issues.length);
  for (const name of ['gone-1', 'gone-2']) before.supervisor.kill(name, 'SIGKILL');
  await before.stop();
  const lost = await stage.bucket.server.request(shelfKey(`sha256:${gone.buildId}`), { method: 'DELETE' });
  expect(lost.status).toBe(204);

  const after = await startSchedulers(fleet, { names: ['present-1', 'present-2'] });
  stage.later(after.stop);
  const log = join(fleet.folder, 'present-1/logs/scheduler.log');
  const words = 'issues are on workflow code that no scheduler runs';
  await until(
    'the log says it',
    async () => (await readFile(log, 'utf8')).includes(words) || undefined,
    FOUND_WITHIN_MS,
  );
  const cli = (...args: string[]) =>
    signalbox(args, { ...fleet.values, SIGNALBOX_DATA_DIR: fleet.folder }, stage.folder);
  expect(await cli('list')).toContain('a scheduler with build');
  expect(await pinnedTo(cluster, gone.buildId)).toBe(issues.length);

  const moved = await cli('move', '--all');
  for (const name of ['left-1', 'left-2'])
    expect(moved).toMatch(new RegExp(`acme/${name}#1 +moved to build`));
  expect(await pinnedTo(cluster, present.buildId)).toBe(issues.length);
  const lives = await followAll({ ...place, issues, what: 'released', until: allEnded });
  expect(await Promise.all(lives.map(life => outcomeOf(life, stage)))).toEqual(
    lives.map(({ view }) => released(view.issue)),
  );
});

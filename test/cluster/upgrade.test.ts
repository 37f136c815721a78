/** New workflow code is rolled out next to the old, and back, while 100 issues are parked and 5 run: nothing is lost or repeated. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { greetingFix } from '../../simulator/model/scripts.ts';
import type { Gate } from '../../src/domain/decision.ts';
import type { IssueRef } from '../../src/domain/issue-ref.ts';
import { STATUS_MARKER } from '../../src/domain/projection.ts';
import { until } from '../support/until.ts';
import { type FleetInput, type Group, startRunners, startSchedulers } from './support/fleet.ts';
import { allEnded, comment, followAll, type Life, optIn } from './support/lives.ts';
import { type Outcome, outcomeOf, released, withdrawn } from './support/one-of-each.ts';
import { openIssues, openIssuesIn } from './support/issues.ts';
import { otherRelease, type Release, thisRelease } from './support/other-build.ts';
import { makeCurrent, pinnedTo } from './support/rollout.ts';
import { type ClusterStage, fleetIn, openCluster, openClusterStage } from './support/stage.ts';
import type { TemporalCluster } from './support/temporal-cluster.ts';

const RUNNING = 5;
/** Parked issues of one repository that their person cancels in the end, and others that go on to their release. */
const WITHDRAWN = 95;
const APPROVED = 5;
const LIMIT_MS = 4 * 60_000;

const OLD_WORDS = "requires a person's approval";
const NEW_WORDS = 'requires the approval of a person';

let stage: ClusterStage;
let cluster: TemporalCluster;
let fleet: FleetInput;
let old: Release;
let next: Release;
/** The model waits in the middle of each run until this gate is opened. */
let gate = 'upgrade';

beforeAll(async () => {
  stage = await openClusterStage(() => greetingFix({ gate }));
  cluster = await openCluster(stage);
  const values = { ...cluster.values, SIGNALBOX_ROLLOUT: 'by-hand', SIGNALBOX_RUNNER_SLOTS: '3' };
  fleet = await fleetIn(stage, 'hosts', values);
  stage.later((await startRunners(fleet)).stop);
  const folder = join(stage.folder, 'next-release');
  await mkdir(folder);
  old = await thisRelease();
  next = await otherRelease(folder, { file: 'src/domain/gate.ts', from: OLD_WORDS, to: NEW_WORDS });
});
afterAll(() => stage.close());

async function schedulers({ program }: Release, names: readonly string[]): Promise<Group> {
  const group = await startSchedulers(fleet, program === undefined ? { names } : { names, program });
  stage.later(group.stop);
  return group;
}

/** The words of the status comments of the parked repository; one for each issue. */
function statusComments(): readonly string[] {
  const { comments } = stage.outside.github.admin.repositories.get('acme/parked');
  return [...comments.values()].map(({ body }) => body).filter(body => body.includes(STATUS_MARKER));
}

const allSay = (words: string): Promise<true> =>
  until(
    `every parked issue says “${words}”`,
    () => statusComments().every(body => body.includes(words)) || undefined,
    LIMIT_MS,
  );

interface Part {
  readonly issues: readonly IssueRef[];
  /** Absent: until all have ended, with every gate approved. */
  readonly until?: (lives: readonly Life[]) => boolean;
  readonly closed?: readonly Gate[];
}

function follow({ issues, until: done = allEnded, closed = [] }: Part): Promise<readonly Life[]> {
  const place = { outside: stage.outside, values: cluster.values, limitMs: LIMIT_MS };
  return followAll({ ...place, issues, until: done, closed, what: 'as far as the test wants them' });
}

const outcomesOf = (lives: readonly Life[]): Promise<readonly Outcome[]> =>
  Promise.all(lives.map(life => outcomeOf(life, stage)));

async function park(): Promise<readonly IssueRef[]> {
  const waiting = await openIssuesIn(stage.outside, 'parked', WITHDRAWN);
  const issues = [...waiting, ...(await openIssues(stage.outside, numbered('approved', APPROVED)))];
  await optIn({ outside: stage.outside, values: cluster.values, issues });
  const atStart = (lives: readonly Life[]): boolean => lives.every(({ view }) => view.hold?.gate === 'start');
  await follow({ issues, until: atStart, closed: ['start'] });
  return issues;
}

test('an upgrade and a rollback with 100 parked and 5 running issues lose and repeat nothing', async () => {
  const before = await schedulers(old, ['old-1', 'old-2']);
  await makeCurrent(cluster, old.buildId);
  const parked = await park();
  const running = await startRuns('upgrade');
  expect(await pinnedTo(cluster, old.buildId)).toBe(parked.length + RUNNING);

  // The new release starts next to the old one. Nothing moves before a person makes it current.
  const after = await schedulers(next, ['new-1', 'new-2']);
  expect(await pinnedTo(cluster, next.buildId)).toBe(0);
  await makeCurrent(cluster, next.buildId);
  await movedTo(next, parked.length);
  await allSay(NEW_WORDS);
  await before.stop();
  // The runs were not disturbed: they still belong to the old code, which the new schedulers run too.
  expect(await pinnedTo(cluster, old.buildId)).toBe(RUNNING);
  stage.outside.model.openGate('upgrade');
  await follow({ issues: running });

  // And back, with runs again.
  const again = await startRuns('rollback');
  const back = await schedulers(old, ['old-1', 'old-2']);
  await makeCurrent(cluster, old.buildId);
  await movedTo(old, parked.length);
  await allSay(OLD_WORDS);
  await after.stop();
  stage.outside.model.openGate('rollback');
  await follow({ issues: again });

  const waiting = parked.slice(0, WITHDRAWN);
  for (const issue of waiting) comment(stage.outside, issue, '/cancel');
  const cancelled = await follow({ issues: waiting });
  const ended = await follow({ issues: [...parked.slice(WITHDRAWN), ...running, ...again] });
  expect(await outcomesOf(cancelled)).toEqual(cancelled.map(({ view }) => withdrawn(view.issue)));
  expect(await outcomesOf(ended)).toEqual(ended.map(({ view }) => released(view.issue)));
  expect(ended.map(({ view }) => view.runs)).toEqual(ended.map(() => 1));
  expect(statusComments()).toHaveLength(WITHDRAWN);
  await back.stop();
});

/** Opts issues in, approves their start, and resolves when the model of each run waits at the gate. */
async function startRuns(name: string): Promise<readonly IssueRef[]> {
  gate = name;
  const issues = await openIssues(stage.outside, numbered(name, RUNNING));
  await optIn({ outside: stage.outside, values: cluster.values, issues });
  const inRun = (lives: readonly Life[]): boolean =>
    lives.every(({ view }) => view.waitingOn === 'run-agent');
  await follow({ issues, until: inRun, closed: ['publish', 'merge', 'release'] });
  await stage.outside.model.waiting(name);
  return issues;
}

const movedTo = (release: Release, count: number): Promise<true> =>
  until(
    `${count} issues moved`,
    async () => ((await pinnedTo(cluster, release.buildId)) >= count ? true : undefined),
    LIMIT_MS,
  );

function numbered(name: string, count: number): readonly string[] {
  return Array.from({ length: count }, (_, at) => `${name}-${at + 1}`);
}

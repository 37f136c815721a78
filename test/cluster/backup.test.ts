/** Everything is lost after a backup; restored elsewhere, open issues go on, also those that had gone further meanwhile. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Gate } from '../../src/domain/decision.ts';
import type { IssueRef } from '../../src/domain/issue-ref.ts';
import { backUp, restoreDatabases } from './support/backup.ts';
import { type Bucket, openBucket } from './support/bucket.ts';
import { startRunners, startSchedulers } from './support/fleet.ts';
import { allEnded, comment, followAll, type Life, optIn } from './support/lives.ts';
import { type Outcome, outcomeOf, released } from './support/one-of-each.ts';
import { openIssues } from './support/issues.ts';
import type { PostgreSql } from './support/postgresql.ts';
import { type ClusterStage, fleetIn, openCluster, openClusterStage } from './support/stage.ts';
import type { TemporalCluster } from './support/temporal-cluster.ts';

const LIMIT_MS = 4 * 60_000;

let stage: ClusterStage;
beforeAll(async () => {
  stage = await openClusterStage();
});
afterAll(() => stage.close());

interface Site {
  readonly bucket: Bucket;
  readonly cluster: TemporalCluster;
  readonly stop: () => Promise<void>;
}

/** A bucket, a cluster and a fleet. Nothing of it is where another site has it. */
async function site(
  name: string,
  bucket: Bucket,
  restore?: (postgresql: PostgreSql) => Promise<void>,
): Promise<Site> {
  const cluster = await openCluster(stage, `temporal-${name}`, restore);
  const fleet = await fleetIn({ ...stage, bucket }, name, cluster.values);
  const schedulers = await startSchedulers(fleet);
  stage.later(schedulers.stop);
  const runners = await startRunners(fleet);
  stage.later(runners.stop);
  const stop = async (): Promise<void> => {
    await runners.stop();
    await schedulers.stop();
    await cluster.stop();
    await bucket.close();
    for (const lost of [name, `temporal-${name}`]) await rm(join(stage.folder, lost), { recursive: true });
  };
  return { bucket, cluster, stop };
}

interface Part {
  readonly at: Site;
  readonly issues: readonly IssueRef[];
  /** Followed until all are on this hold, on which nobody acts; absent: until all have ended. */
  readonly hold?: Gate | 'blocked';
  /** They are on a hold that is no gate, and leave it. */
  readonly mayHold?: boolean;
}

function follow({ at, issues, hold, mayHold = hold === 'blocked' }: Part): Promise<readonly Life[]> {
  const onHold = (lives: readonly Life[]): boolean =>
    lives.every(({ view }) => (view.hold?.gate ?? view.hold?.kind) === hold);
  return followAll({
    outside: stage.outside,
    values: at.cluster.values,
    issues,
    closed: hold === undefined || hold === 'blocked' ? [] : [hold],
    mayHold,
    until: hold === undefined ? allEnded : onHold,
    what: hold ?? 'ended',
    limitMs: LIMIT_MS,
  });
}

const outcomesOf = (lives: readonly Life[], bucket: Bucket): Promise<readonly Outcome[]> =>
  Promise.all(lives.map(life => outcomeOf(life, { ...stage, bucket })));

test('after the loss of everything, issues parked before the backup are released with one of each', async () => {
  const first = await site('lost', stage.bucket);
  const issues = await openIssues(stage.outside, [
    'stayed',
    'was-at-merge',
    'went-to-release',
    'went-to-pull-request',
  ]);
  const [stayed, atMerge, toRelease, toPullRequest] = issues as readonly [
    IssueRef,
    IssueRef,
    IssueRef,
    IssueRef,
  ];
  await optIn({ outside: stage.outside, values: first.cluster.values, issues });
  await follow({ at: first, issues: [stayed, toPullRequest], hold: 'start' });
  await follow({ at: first, issues: [atMerge, toRelease], hold: 'merge' });

  const copy = await openBucket(join(stage.folder, 'bucket-copy'));
  stage.later(copy.close);
  const folder = join(stage.folder, 'dumps');
  await backUp({
    postgresql: first.cluster.postgresql,
    bucket: first.bucket.server,
    folder,
    copy: copy.server,
  });

  // What the backup does not know: one issue is merged and released, another one gets its branch and pull request.
  await follow({ at: first, issues: [toRelease] });
  await follow({ at: first, issues: [toPullRequest], hold: 'merge' });
  await first.stop();
  await rm(join(stage.folder, 'bucket'), { recursive: true });

  const second = await site('restored', copy, postgresql => restoreDatabases(postgresql, folder));
  const lives = await follow({ at: second, issues: [stayed, atMerge, toRelease] });
  const [one, two, three] = await outcomesOf(lives, copy);
  expect([one, two]).toEqual([released('acme/stayed#1'), released('acme/was-at-merge#1')]);
  // The merge was found. Its approval was in the state that is lost.
  expect(three).toEqual({ ...released('acme/went-to-release#1'), approvals: ['start', 'release'] });

  // A branch that the restored state does not know is never taken over: a person decides.
  const [held] = await follow({ at: second, issues: [toPullRequest], hold: 'blocked' });
  expect(held?.view.hold?.why.join()).toMatch(/^claim-branch failed: ai\/issue-1-\S+ already exists/);
  comment(stage.outside, toPullRequest, '/cancel');
  const cancelled = await follow({ at: second, issues: [toPullRequest], mayHold: true });
  expect(await outcomesOf(cancelled, copy)).toEqual([
    { ...released('acme/went-to-pull-request#1'), stage: 'cancelled', merges: 0, approvals: ['start'] },
  ]);
});

/** The accounts of the stack's artifact store, under the policy that the stack sets, on the server that it runs. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ACCOUNTS, bucketPolicy, BUCKETS } from '../../deploy/setup/store-accounts.ts';
import { openStore } from '../../src/artifacts/open-store.ts';
import type { RetainingStore } from '../../src/artifacts/port.ts';
import { processSettings } from '../../src/config/environment.ts';
import { buildOf, keepBuild, keptBuild } from '../../src/workers/workflow-build.ts';
import { NO_S3_SERVER, type S3Server, startS3Server } from '../support/s3-server.ts';

const check = NO_S3_SERVER === undefined ? test : test.skip;
const why = NO_S3_SERVER === undefined ? '' : ` (${NO_S3_SERVER})`;
const [bucket] = BUCKETS;
const account = (access: string) => ({ accessKeyId: access, secretAccessKey: `canary-${access}-secret` });
let directory: string;
let server: S3Server;
const storeOf = (access: string): RetainingStore =>
  openStore(processSettings(server.settings(account(access))));

beforeAll(async () => {
  if (NO_S3_SERVER !== undefined) return;
  directory = await mkdtemp(join(tmpdir(), 'store-accounts-'));
  server = await startS3Server({
    ...{ directory, bucket },
    accounts: ACCOUNTS.map(({ access }) => account(access)),
    policy: JSON.parse(bucketPolicy(bucket)) as unknown,
  });
}, 300_000);
afterAll(async () => {
  if (NO_S3_SERVER !== undefined) return;
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

test.each(BUCKETS)(
  'of %s: a runner writes artifacts alone, a reader nothing, and nobody else is named',
  name => {
    const { Statement } = JSON.parse(bucketPolicy(name)) as {
      readonly Statement: readonly { Principal: { AWS: string[] }; Action: string[]; Resource: string }[];
    };
    const writes = Statement.filter(({ Action }) => Action.some(action => /:(?:Put|Delete|\*)/.test(action)));
    const prefix = name === bucket ? '' : 'demo-';
    expect(writes.map(({ Principal, Resource }) => [Principal.AWS, Resource])).toEqual([
      [[`${prefix}scheduler`], `arn:aws:s3:::${name}/*`],
      [[`${prefix}runner`], `arn:aws:s3:::${name}/sha256/*`],
    ]);
  },
);

check(`scheduler and runner read what the other stored; a reader reads both${why}`, async () => {
  const [report, task] = [Buffer.from('report'), Buffer.from('task')];
  const reported = await storeOf('runner').put(report, 'text/plain');
  const asked = await storeOf('scheduler').put(task, 'text/plain');
  expect(Buffer.from(await storeOf('scheduler').get(reported, 100))).toEqual(report);
  expect(Buffer.from(await storeOf('runner').get(asked, 100))).toEqual(task);
  expect(Buffer.from(await storeOf('reader').get(reported, 100))).toEqual(report);
  await expect(storeOf('reader').put(Buffer.from('new'), 'text/plain')).rejects.toMatchObject({
    kind: 'denied',
  });
  await expect(storeOf('demo-runner').get(reported, 100)).rejects.toMatchObject({ kind: 'denied' });
});

check(`a scheduler runs a build that it kept, and never one that a runner stored${why}`, async () => {
  const [own, planted] = [buildOf('own'), buildOf('planted')];
  await expect(keepBuild(storeOf('runner'), planted)).rejects.toMatchObject({ kind: 'denied' });
  expect(await keptBuild(storeOf('scheduler'), planted.buildId)).toBeUndefined();
  await keepBuild(storeOf('scheduler'), own);
  expect(await keptBuild(storeOf('scheduler'), own.buildId)).toEqual(own);
});

check(`a runner discards, restores and removes nothing; the scheduler does${why}`, async () => {
  const [runner, scheduler] = [storeOf('runner'), storeOf('scheduler')];
  const digest = await runner.put(Buffer.from('kept'), 'text/plain');
  await expect(runner.discard(digest)).rejects.toMatchObject({ kind: 'denied' });
  await scheduler.discard(digest);
  for (const act of [runner.restore(digest), runner.remove(digest)])
    await expect(act).rejects.toMatchObject({ kind: 'denied' });
  expect(Buffer.from(await runner.get(digest, 100)).toString()).toBe('kept');
  await scheduler.restore(digest);
});

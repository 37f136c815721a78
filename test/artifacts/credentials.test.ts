/** The runner's credential under the bucket policy of docs/artifacts.md, on a real S3 server: it cannot forge or destroy. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkStore } from '../../src/artifacts/check-store.ts';
import { openStore } from '../../src/artifacts/open-store.ts';
import type { RetainingStore } from '../../src/artifacts/port.ts';
import { processSettings } from '../../src/config/environment.ts';
import { buildOf, keepBuild, keptBuild } from '../../src/workers/workflow-build.ts';
import { NO_S3_SERVER, type S3Account, type S3Server, startS3Server } from '../support/s3-server.ts';

const check = NO_S3_SERVER === undefined ? test : test.skip;
const why = NO_S3_SERVER === undefined ? '' : ` (${NO_S3_SERVER})`;
const SCHEDULER: S3Account = { accessKeyId: 'scheduler', secretAccessKey: 'canary-scheduler-secret' };
const RUNNER: S3Account = { accessKeyId: 'runner', secretAccessKey: 'canary-runner-secret' };
let directory: string;
let server: S3Server;
let scheduler: RetainingStore;
let runner: RetainingStore;
const storeOf = (account: S3Account): RetainingStore =>
  openStore(processSettings(server.settings(account, 'prod')));

beforeAll(async () => {
  if (NO_S3_SERVER !== undefined) return;
  directory = await mkdtemp(join(tmpdir(), 'credentials-'));
  server = await startS3Server({
    directory,
    accounts: [SCHEDULER, RUNNER],
    policy: await documentedPolicy(),
  });
  [scheduler, runner] = [storeOf(SCHEDULER), storeOf(RUNNER)];
}, 300_000);
afterAll(async () => {
  if (NO_S3_SERVER !== undefined) return;
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

/** The example that people copy. */
async function documentedPolicy(): Promise<unknown> {
  const page = await readFile('docs/artifacts.md', 'utf8');
  return JSON.parse(/```json\n(\{[^`]*?"Statement"[^`]*)```/.exec(page)?.[1] ?? '');
}

check(`each reads what the other stored${why}`, async () => {
  const report = await runner.put(Buffer.from('report'), 'text/plain');
  expect(Buffer.from(await scheduler.get(report, 100)).toString()).toBe('report');
  const task = await scheduler.put(Buffer.from('task'), 'text/plain');
  expect(Buffer.from(await runner.get(task, 100)).toString()).toBe('task');
  await expect(runner.get(`sha256:${'0'.repeat(64)}`, 100)).rejects.toMatchObject({ kind: 'missing' });
  expect(await checkStore(processSettings(server.settings(RUNNER, 'prod')))).toMatch(
    /on a condition, and read$/,
  );
});

check(`the runner cannot note, discard or remove; the scheduler can note${why}`, async () => {
  const digest = await runner.put(Buffer.from('a forged archive'), 'application/json');
  await expect(runner.note('audit/acme/profile#1', digest)).rejects.toMatchObject({ kind: 'denied' });
  expect(await scheduler.noted('audit/acme/profile#1')).toEqual([]);
  await scheduler.note('audit/acme/profile#1', digest);
  expect(await scheduler.noted('audit/acme/profile#1')).toEqual([digest]);
  await expect(runner.discard(digest)).rejects.toMatchObject({ kind: 'denied' });
  await expect(runner.remove(digest)).rejects.toMatchObject({ kind: 'denied' });
  expect(await runner.has(digest)).toBe(true);
});

check(`workflow code that a runner stored is never run, although its name is right${why}`, async () => {
  const planted = buildOf('planted');
  await expect(keepBuild(runner, planted)).rejects.toMatchObject({ kind: 'denied' });
  expect(await runner.has(`sha256:${planted.buildId}`)).toBe(true);
  expect(await keptBuild(scheduler, planted.buildId)).toBeUndefined();
  const own = buildOf('own');
  await keepBuild(scheduler, own);
  expect(await keptBuild(scheduler, own.buildId)).toEqual(own);
});

check(`bytes under another name are found, never used, and replaced by the right ones${why}`, async () => {
  const right = Buffer.from('what was verified');
  const digest = await scheduler.put(right, 'text/plain');
  const key = `prod/sha256/${digest.slice(7, 9)}/${digest.slice(9)}`;
  for (const forged of ['what was forged!!', 'longer than what was verified', '']) {
    await server.request(key, { method: 'PUT', body: forged });
    await expect(scheduler.get(digest, 100)).rejects.toMatchObject({ kind: 'corrupted' });
    expect(await scheduler.put(right, 'text/plain')).toBe(digest);
    expect(Buffer.from(await scheduler.get(digest, 100))).toEqual(right);
  }
});

check(
  `a wrong secret, an unknown key and a missing bucket are one line each, without a secret${why}`,
  async () => {
    const settings = server.settings(RUNNER, 'prod');
    const said = async (changes: Readonly<Record<string, string>>): Promise<string> =>
      await checkStore(processSettings({ ...settings, ...changes })).catch((error: unknown) => String(error));
    expect(await said({ AWS_SECRET_ACCESS_KEY: 'canary-wrong' })).toMatch(
      /AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID\. Fix: correct it$/,
    );
    expect(await said({ AWS_ACCESS_KEY_ID: 'canary-nobody' })).toMatch(
      /does not know AWS_ACCESS_KEY_ID\. Fix: /,
    );
    expect(await said({ SIGNALBOX_ARTIFACTS: 's3://not-there/x' })).toMatch(
      /not-there does not exist\. Fix: /,
    );
    expect(await said({ SIGNALBOX_ARTIFACTS: `s3://${server.bucket}/other` })).toMatch(/denies PutObject/);
  },
);

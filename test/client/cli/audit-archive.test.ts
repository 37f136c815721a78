/** Temporal deletes a workflow after its retention; then the audit is read and verified from the artifact store alone. */
import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createLocalDirectoryStore } from '../../../src/artifacts/local-directory.ts';
import type { AuditRecord } from '../../../src/domain/audit.ts';
import { openStage, type Stage } from '../temporal/stage.ts';
import { lifeOf } from '../../workflows/support/life.ts';
import { cli, expectOneLine, jsonOf, type Ran } from './support/cli.ts';

const ONE = 'Acme/profile#1';

interface AuditJson {
  readonly from: string;
  readonly head: string;
  readonly whole?: boolean;
  readonly records: readonly AuditRecord[];
}

let stage: Stage;
let stop: () => Promise<void>;
let remembered: AuditJson;

/** A namespace that every server has and no issue was ever in: like one whose retention has passed. */
const FORGOTTEN = 'temporal-system';
const ask = (...args: readonly string[]): Promise<Ran> =>
  cli(args, { environment: { ...stage.environment, TEMPORAL_NAMESPACE: FORGOTTEN } });
const artifacts = (...parts: readonly string[]): string =>
  join(stage.environment.SIGNALBOX_DATA_DIR, 'artifacts', ...parts);
const notes = (): readonly string[] =>
  readdirSync(artifacts('names', encodeURIComponent('audit/acme/profile#1')));

beforeAll(async () => {
  stage = await openStage();
  stop = await stage.startWorkers();
  const life = lifeOf(stage, 1);
  await life.begin();
  await life.toEnd();
  remembered = jsonOf(
    await cli(['audit', ONE, '--verify', '--json'], { environment: stage.environment }),
  ) as AuditJson;
}, 120_000);
afterAll(async () => {
  await stop();
  await stage.end();
});

test('the archive has the same records, complete up to the end of the life', async () => {
  expect(remembered).toMatchObject({ from: 'workflow', whole: true });
  const ran = await ask('audit', ONE, '--verify', '--json');
  expect(ran.code).toBe(0);
  expect(jsonOf(ran)).toEqual({ ...remembered, from: 'archive' });
  // GitHub's names are case-insensitive.
  expect((await ask('audit', 'ACME/Profile#1', '--verify')).code).toBe(0);
  expect((await ask('audit', ONE, '--generation', '1', '--verify')).code).toBe(0);
  expectOneLine(
    await ask('audit', ONE, '--generation', '2'),
    /has no archive of generation 2 \(archived: 1\)/,
  );
});

test('an issue that was never archived is unknown', async () => {
  const ran = await ask('audit', 'acme/profile#404');
  expect(ran.code).toBe(3);
  expectOneLine(ran, /acme\/profile#404 has no workflow/);
});

test('records that stop before the end of the life fail the verification, although every hash fits', async () => {
  const [digest = ''] = notes();
  const file = artifacts('names', encodeURIComponent('audit/acme/profile#1'), digest);
  rmSync(file);
  expect((await ask('audit', ONE)).code).toBe(3);
  // A chain cut short: every hash fits, and the end is missing.
  const { records } = remembered;
  const store = createLocalDirectoryStore({ directory: artifacts() });
  const cut = { version: 1, issue: ONE, generation: 1, records: records.slice(0, -2) };
  const put = await store.put(Buffer.from(JSON.stringify(cut)), 'application/json');
  await store.note('audit/acme/profile#1', put);
  const ran = await ask('audit', ONE, '--verify');
  expect(ran.code).toBe(1);
  expect(ran.stderr).toMatch(/the records stop before the issue's end/);
  rmSync(artifacts('names', encodeURIComponent('audit/acme/profile#1'), put.slice('sha256:'.length)));
  appendFileSync(file, '');
  expect((await ask('audit', ONE, '--verify')).code).toBe(0);
});

test('one changed byte fails the verification', async () => {
  const [digest = ''] = notes();
  const file = artifacts('sha256', digest.slice(0, 2), digest.slice(2));
  const text = readFileSync(file, 'utf8');
  chmodSync(file, 0o600);
  writeFileSync(file, text.replace('alice', 'alicf'));
  const changed = await ask('audit', ONE, '--verify');
  expect(changed.code).toBe(1);
  expectOneLine(changed, /do not match the digest/);
  writeFileSync(file, text);
  expect((await ask('audit', ONE, '--verify')).code).toBe(0);
});

/** Temporal deletes a workflow after its retention; then the audit is read and verified from the artifact store alone. */
import { appendFileSync, chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLocalDirectoryStore } from '../../../src/artifacts/local-directory.ts';
import { append, type AuditRecord, newTrail } from '../../../src/domain/audit.ts';
import { omit } from '../../../src/domain/omit.ts';
import type { ProjectInput } from '../../../src/contracts/activities.ts';
import { openStage, type Stage } from '../temporal/stage.ts';
import { lifeOf } from '../../workflows/support/life.ts';
import { cli, expectOneLine, jsonOf, type Ran } from './support/cli.ts';
import { type CliGitHub, openCliGitHub } from './support/github.ts';

const ONE = 'Acme/profile#1';

interface AuditJson {
  readonly from: string;
  readonly head: string;
  readonly whole?: boolean;
  readonly records: readonly AuditRecord[];
}

let stage: Stage;
let github: CliGitHub;
/** The status comment as the life left it. */
let statusComment = '';
let stop: () => Promise<void>;
let remembered: AuditJson;

/** A namespace that every server has and no issue was ever in: like one whose retention has passed. */
const FORGOTTEN = 'temporal-system';
const askAs = (environment: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran> =>
  cli(args, { environment: { ...stage.environment, TEMPORAL_NAMESPACE: FORGOTTEN, ...environment } });
const ask = (...args: readonly string[]): Promise<Ran> => askAs(github.as('rita'), ...args);
const artifacts = (...parts: readonly string[]): string =>
  join(stage.environment.SIGNALBOX_DATA_DIR, 'artifacts', ...parts);
const notes = (): readonly string[] =>
  readdirSync(artifacts('names', encodeURIComponent('audit/acme/profile#1')));

beforeAll(async () => {
  [stage, github] = await Promise.all([openStage(), openCliGitHub(1)]);
  stop = await stage.startWorkers();
  const life = lifeOf(stage, 1);
  await life.begin();
  await life.toEnd();
  remembered = jsonOf(
    await cli(['audit', ONE, '--verify', '--json'], { environment: stage.environment }),
  ) as AuditJson;
  const written = stage.world.scripts.of(1).inputs['writeProjection'] as readonly ProjectInput[];
  statusComment = written.at(-1)?.projection.comment ?? '';
  github.person('acme').comment(1, statusComment);
}, 120_000);
afterAll(async () => {
  await stop();
  await stage.end();
  await github.end();
});

test('the archive has the same records, complete up to the end of the life', async () => {
  expect(remembered).toMatchObject({ from: 'workflow', whole: true });
  const ran = await ask('audit', ONE, '--verify', '--json');
  expect(ran.code).toBe(0);
  expect(jsonOf(ran)).toEqual({ ...remembered, from: 'archive' });
  // GitHub's names are case-insensitive.
  expect((await ask('audit', 'ACME/Profile#1', '--verify')).code).toBe(0);
  const first = await ask('audit', ONE, '--generation', '1', '--verify');
  expect(first.code).toBe(0);
  expect(first.stderr).toMatch(/^audit verified: .*, as in the status comment by acme\n$/);
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

describe('a store whose audit was rewritten as a whole', () => {
  const file = () => artifacts('names', encodeURIComponent('audit/acme/profile#1'));

  beforeAll(async () => {
    const [digest = ''] = notes();
    const renamed = JSON.stringify(remembered.records).replaceAll('alice', 'mallory');
    const forged = (JSON.parse(renamed) as readonly AuditRecord[])
      .map(record => omit(record, 'seq', 'previous', 'hash'))
      .reduce(append, newTrail(`${ONE} generation 1`)).records;
    const store = createLocalDirectoryStore({ directory: artifacts() });
    const archive = { version: 1, issue: ONE, generation: 1, records: forged };
    await store.note(
      'audit/acme/profile#1',
      await store.put(Buffer.from(JSON.stringify(archive)), 'application/json'),
    );
    rmSync(join(file(), digest));
  });

  test('is found by the status comment, which holds the end of the chain', async () => {
    const ran = await ask('audit', ONE, '--verify');
    expect(ran.code).toBe(1);
    expectOneLine(ran, /the status comment by acme names \d+ records that end in sha256:/);
  });

  test('cannot be told without the status comment, so nothing is called verified', async () => {
    const ran = await askAs({}, 'audit', ONE, '--verify');
    expect(ran.code).toBe(1);
    expectOneLine(ran, /nothing outside of the artifact store confirms the records; set GITHUB_TOKEN/);
    expect((await askAs({}, 'audit', ONE)).code).toBe(0);
  });

  test('is found although a comment of somebody else confirms it', async () => {
    const head = (jsonOf(await ask('audit', ONE, '--json')) as AuditJson).head;
    github.person('rita').comment(1, statusComment.replace(/"head":"[^"]+"/, `"head":"${head}"`));
    expectOneLine(await ask('audit', ONE, '--verify'), /the status comment by acme names/);
  });
});

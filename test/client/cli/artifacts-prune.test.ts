/** `artifacts prune` beside real issues: one is open, one has ended, and the store has more than they need. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openStore } from '../../../src/artifacts/open-store.ts';
import type { ArtifactDigest, RetainingStore } from '../../../src/artifacts/port.ts';
import { noteUser } from '../../../src/artifacts/store-user.ts';
import { namespaceId } from '../../../src/client/temporal/namespace-id.ts';
import { processSettings } from '../../../src/config/environment.ts';
import { openStage, type Stage } from '../temporal/stage.ts';
import { type Life, lifeOf } from '../../workflows/support/life.ts';
import { cli, expectOneLine, jsonOf, type Ran } from './support/cli.ts';

const DAY_MS = 86_400_000;
let stage: Stage;
let store: RetainingStore;
let stop: () => Promise<void>;
let open: Life;
let junk: ArtifactDigest;
let needed: ArtifactDigest;
let indirect: ArtifactDigest;

/** As if this many days had passed since everything was stored. */
const prune = (days: number, ...options: readonly string[]): Promise<Ran> =>
  cli(['artifacts', 'prune', '--json', ...options], {
    environment: stage.environment,
    now: () => Date.now() + days * DAY_MS,
  });
const put = (text: string): Promise<ArtifactDigest> => store.put(Buffer.from(text), 'text/plain');
const fileOf = (digest: ArtifactDigest): string =>
  join(stage.environment.SIGNALBOX_DATA_DIR, 'artifacts/sha256', digest.slice(7, 9), digest.slice(9));
const isOnShelf = (digest: ArtifactDigest): boolean => existsSync(fileOf(digest));

beforeAll(async () => {
  stage = await openStage();
  store = openStore(processSettings(stage.environment));
  stop = await stage.startWorkers();
  open = lifeOf(stage, 1);
  const ended = lifeOf(stage, 2);
  await Promise.all([open.begin(), ended.begin()]);
  await ended.toEnd();
  [junk, indirect] = await Promise.all([put('junk'), put('named by a document')]);
  needed = await put(`{"named":"${indirect}"}`);
  await open.atGate('start');
  // Any digest in an open issue's history is needed, whatever it stands in.
  await open.decide({ kind: 'escalate', reason: `look at ${needed}` });
}, 240_000);
afterAll(async () => {
  await stop();
  await stage.end();
});

test('without a scheduler of this namespace nothing is read as needed, so nothing is taken', async () => {
  const ran = await prune(365);
  expect(ran.code).toBe(2);
  expectOneLine(
    ran,
    /no scheduler of the namespace default has used this store\. Fix: set SIGNALBOX_ARTIFACTS/,
  );
  expect(isOnShelf(junk)).toBe(true);
}, 60_000);

test('only what nobody names and is old goes to the trash, and in the end is removed', async () => {
  await noteUser(store, { namespaceId: await namespaceId(stage.temporal) });
  expect(jsonOf(await prune(29))).toMatchObject({ openIssues: 1, discarded: { artifacts: 0 } });
  const dry = await prune(31, '--dry-run');
  expect(dry.stderr).toBe('dry run: nothing was changed\n');
  expect(isOnShelf(junk)).toBe(true);
  const { discarded } = jsonOf(await prune(31)) as { readonly discarded: object };
  expect(jsonOf(dry)).toMatchObject({ dryRun: true, discarded });
  expect([isOnShelf(junk), isOnShelf(needed), isOnShelf(indirect)]).toEqual([false, true, true]);
  // In the trash it is still found: a run that put it a moment before relies on it.
  expect(Buffer.from(await store.get(junk, 10)).toString()).toBe('junk');
  expect(jsonOf(await prune(6))).toMatchObject({ removed: { artifacts: 0 } });
  expect(jsonOf(await prune(8))).toMatchObject({ removed: discarded });
  await expect(store.get(junk, 10)).rejects.toMatchObject({ kind: 'missing' });
}, 120_000);

test('while a needed document is damaged nothing is taken: what it names may come back with it', async () => {
  const other = await put('more junk');
  writeFileSync(fileOf(needed), 'damaged');
  const refused = await prune(365);
  expect(refused.code).toBe(1);
  expectOneLine(
    refused,
    /1 artifact that an issue or an audit names is damaged, .*; the first is sha256\/.*\. Fix: bring it back/,
  );
  expect([isOnShelf(other), isOnShelf(indirect)]).toEqual([true, true]);
  expect(await put(`{"named":"${indirect}"}`)).toBe(needed);
  expect(jsonOf(await prune(31))).toMatchObject({ discarded: { artifacts: 1 } });
  expect([isOnShelf(other), isOnShelf(indirect)]).toEqual([false, true]);
  expect(jsonOf(await prune(8))).toMatchObject({ removed: { artifacts: 1 } });
}, 60_000);

test('what is needed again comes back from the trash', async () => {
  const late = await put('put again, and then named');
  expect(jsonOf(await prune(31))).toMatchObject({ discarded: { artifacts: 1 } });
  await open.decide({ kind: 'escalate', reason: `look at ${late}` });
  expect(isOnShelf(late)).toBe(false);
  expect(jsonOf(await prune(365))).toMatchObject({ restored: { artifacts: 1 }, removed: { artifacts: 0 } });
  expect(isOnShelf(late)).toBe(true);
}, 60_000);

test('the audit of the ended issue is complete, and the open issue goes on to its end', async () => {
  const audit = await cli(['audit', 'acme/profile#2', '--verify'], { environment: stage.environment });
  expect(audit.stderr).toMatch(/^audit verified/);
  await open.decide({ kind: 'retry' });
  expect(await open.toEnd()).toMatchObject({ stage: 'release-verified' });
}, 120_000);

test('a store that other namespaces use, too young an age, and no Temporal are refused', async () => {
  await noteUser(store, { namespaceId: 'another' });
  const shared = await prune(365);
  expect(shared.code).toBe(1);
  expectOneLine(
    shared,
    /schedulers of 2 Temporal namespaces have used this store, .*\. Fix: .*--others-are-gone/,
  );
  expect((await prune(365, '--others-are-gone', '--dry-run')).code).toBe(0);
  expect((await prune(365, '--older-than', '23h')).code).toBe(2);
  const away = await cli(['artifacts', 'prune'], {
    environment: { ...stage.environment, TEMPORAL_ADDRESS: '127.0.0.1:1' },
  });
  expect(away.code).toBe(4);
}, 60_000);

/** What every artifact store promises, asked of each adapter: a real directory, and a bucket of a real S3 server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openStore } from '../../src/artifacts/open-store.ts';
import type { ArtifactDigest, RetainingStore, StoredArtifact } from '../../src/artifacts/port.ts';
import { processSettings } from '../../src/config/environment.ts';
import { NO_S3_SERVER, type S3Server, startS3Server } from '../support/s3-server.ts';

const hello = Buffer.from('hello\n');
const helloDigest = 'sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const absent: ArtifactDigest = `sha256:${'0'.repeat(64)}`;
let directory: string;
let server: S3Server | undefined;
let round = 0;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stores-'));
  if (NO_S3_SERVER === undefined) server = await startS3Server({ directory: join(directory, 's3') });
}, 300_000);
afterAll(async () => {
  await server?.stop();
  await rm(directory, { recursive: true, force: true });
});

/** A new, empty store in each test. */
const STORES: readonly (readonly [string, () => Readonly<Record<string, string>>])[] = [
  ['a directory', () => ({ SIGNALBOX_ARTIFACTS: `file://${join(directory, `store-${round++}`)}` })],
  ['a bucket', () => server?.settings(undefined, `team/${round++}`) ?? {}],
];

describe.each(STORES)('%s', (name, settings) => {
  const missing = name === 'a bucket' ? NO_S3_SERVER : undefined;
  const check = missing === undefined ? test : test.skip;
  const why = missing === undefined ? '' : ` (${missing})`;
  const open = (): RetainingStore => openStore(processSettings(settings()));

  check(`keeps bytes under their SHA-256${why}`, async () => {
    const store = open();
    expect(await store.has(helloDigest)).toBe(false);
    expect(await store.put(hello, 'text/plain')).toBe(helloDigest);
    expect(await store.put(hello, 'text/plain')).toBe(helloDigest);
    expect(Buffer.from(await store.get(helloDigest, hello.length))).toEqual(hello);
    expect(await store.has(helloDigest)).toBe(true);
    const empty = await store.put(new Uint8Array(), 'text/plain');
    expect(await store.get(empty, 0)).toHaveLength(0);
  });

  check(`has a different error for what is missing, too long, or no digest${why}`, async () => {
    const store = open();
    await store.put(hello, 'text/plain');
    await expect(store.get(absent, 100)).rejects.toMatchObject({ kind: 'missing' });
    await expect(store.get(helloDigest, 5)).rejects.toMatchObject({ kind: 'too-large' });
    for (const name of ['sha256:../../../etc/passwd', 'sha256:ABC', 'md5:00', ''] as ArtifactDigest[]) {
      await expect(store.get(name, 100)).rejects.toMatchObject({ kind: 'not-a-digest' });
      await expect(store.note('a', name)).rejects.toMatchObject({ kind: 'not-a-digest' });
    }
  });

  check(`gives thirty writers of the same bytes the same answer${why}`, async () => {
    const store = open();
    const bytes = Buffer.alloc(100_000, 7);
    const digests = await Promise.all(Array.from({ length: 30 }, () => store.put(bytes, 'text/plain')));
    expect(new Set(digests).size).toBe(1);
    expect(await listed(store)).toEqual([{ digest: digests[0], bytes: bytes.length, isInTrash: false }]);
  });

  check(`notes artifacts under names of any form, each once${why}`, async () => {
    const store = open();
    const names = ['audit/acme/a.b#1', 'audit/acme/a.b#12', 'audit/acme/a_2eb#1', 'ü/..', 'A', 'a'];
    for (const name of names) for (let twice = 0; twice < 2; twice++) await store.note(name, helloDigest);
    await store.note('A', absent);
    for (const name of names)
      expect([...(await store.noted(name))].sort()).toEqual(
        name === 'A' ? [absent, helloDigest] : [helloDigest],
      );
    expect(await store.noted('audit/acme/a')).toEqual([]);
    expect(await all(store.notes())).toHaveLength(names.length + 1);
  });

  check(`finds discarded artifacts until they are removed, and brings them back${why}`, async () => {
    const store = open();
    await store.put(hello, 'text/plain');
    await store.discard(helloDigest);
    expect(await listed(store)).toEqual([{ digest: helloDigest, bytes: 6, isInTrash: true }]);
    expect(Buffer.from(await store.get(helloDigest, 100))).toEqual(hello);
    expect(await store.has(helloDigest)).toBe(true);
    await store.restore(helloDigest);
    expect(await listed(store)).toEqual([{ digest: helloDigest, bytes: 6, isInTrash: false }]);
    await store.remove(helloDigest);
    expect(await store.has(helloDigest)).toBe(true);
    await store.discard(helloDigest);
    await store.remove(helloDigest);
    await expect(store.get(helloDigest, 100)).rejects.toMatchObject({ kind: 'missing' });
    for (const what of ['discard', 'restore', 'remove'] as const) await store[what](helloDigest);
  });
});

async function listed(store: RetainingStore): Promise<readonly Omit<StoredArtifact, 'sinceMs'>[]> {
  return (await all(store.artifacts())).map(({ digest, bytes, isInTrash }) => ({ digest, bytes, isInTrash }));
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

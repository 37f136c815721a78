/** The directory store on a real file system: artifacts are complete or absent, checked when read, safe for many writers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { transformFile } from '@swc/core';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { z } from 'zod';
import { getJson, putJson } from '../../src/artifacts/json.ts';
import { createLocalDirectoryStore } from '../../src/artifacts/local-directory.ts';
import type { ArtifactDigest, ArtifactStore } from '../../src/artifacts/port.ts';

let directory: string;
let store: ArtifactStore;
const hello = Buffer.from('hello\n');
const helloDigest = 'sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03';
const absent: ArtifactDigest = `sha256:${'0'.repeat(64)}`;
const pathOf = (digest: string) => join(directory, 'sha256', digest.slice(7, 9), digest.slice(9));

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'artifacts-'));
  store = createLocalDirectoryStore({ directory });
});
afterEach(async () => await rm(directory, { recursive: true, force: true }));

test('bytes are stored and returned under their SHA-256', async () => {
  expect(await store.put(hello, 'text/plain')).toBe(helloDigest);
  expect(Buffer.from(await store.get(helloDigest, 100))).toEqual(hello);
  expect(await store.has(helloDigest)).toBe(true);
  expect(await store.has(absent)).toBe(false);
});

test('files are private, and no temporary file remains', async () => {
  await store.put(hello, 'text/plain');
  expect((await stat(pathOf(helloDigest))).mode & 0o777).toBe(0o600);
  expect((await stat(join(directory, 'sha256'))).mode & 0o777).toBe(0o700);
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
});

test('a missing artifact, an invalid digest and too many bytes are three different errors', async () => {
  await store.put(hello, 'text/plain');
  await expect(store.get(absent, 100)).rejects.toMatchObject({ kind: 'missing' });
  await expect(store.get(helloDigest, 5)).rejects.toMatchObject({ kind: 'too-large' });
  const small = createLocalDirectoryStore({ directory, artifactBytesMax: 5 });
  await expect(small.put(hello, 'text/plain')).rejects.toMatchObject({ kind: 'too-large' });
  for (const name of ['sha256:../../../etc/passwd', 'sha256:ABC', 'md5:00', ''])
    await expect(store.get(name as ArtifactDigest, 100)).rejects.toMatchObject({ kind: 'not-a-digest' });
});

test.each([
  ['changed', async (path: string) => await writeFile(path, 'hellO\n')],
  ['truncated', async (path: string) => await truncate(path, 3)],
])('%s bytes are never returned, and putting the right ones again repairs them', async (_, damage) => {
  await store.put(hello, 'text/plain');
  await damage(pathOf(helloDigest));
  await expect(store.get(helloDigest, 100)).rejects.toMatchObject({ kind: 'corrupted' });
  await store.put(hello, 'text/plain');
  expect(Buffer.from(await store.get(helloDigest, 100))).toEqual(hello);
});

test('a symlink in place of an artifact is not followed', async () => {
  await store.put(hello, 'text/plain');
  await rm(pathOf(helloDigest));
  await writeFile(join(directory, 'elsewhere'), hello);
  await symlink(join(directory, 'elsewhere'), pathOf(helloDigest));
  await expect(store.get(helloDigest, 100)).rejects.toMatchObject({ code: 'ELOOP' });
});

test('many concurrent writers and readers do not conflict', async () => {
  const contents = Array.from({ length: 40 }, (_, index) => Buffer.alloc(10_000, index % 4));
  const digests = await Promise.all(contents.map(async bytes => await store.put(bytes, 'text/plain')));
  expect(new Set(digests).size).toBe(4);
  await Promise.all(digests.map(async digest => await store.get(digest, 10_000)));
  expect(await readdir(join(directory, 'tmp'))).toEqual([]);
});

test('a killed writer leaves only complete artifacts', async () => {
  const program = await transpiledStore();
  for (const untilArtifacts of [1, 2, 3]) {
    const writer = spawn(process.execPath, [program, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
    let written = 0;
    for await (const line of createInterface({ input: writer.stdout })) {
      if (line.startsWith('sha256:') && ++written === untilArtifacts) break;
    }
    const ended = once(writer, 'exit');
    writer.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
  }
  const folders = await readdir(join(directory, 'sha256'));
  let kept = 0;
  for (const folder of folders)
    for (const rest of await readdir(join(directory, 'sha256', folder))) {
      expect(await store.get(`sha256:${folder}${rest}`, 30_000_000)).toHaveLength(20_000_000);
      kept += 1;
    }
  expect(kept).toBeGreaterThanOrEqual(6);
});

/** The store as a separate program that puts large artifacts without end. */
async function transpiledStore(): Promise<string> {
  const folder = join(directory, 'program');
  await mkdir(folder);
  for (const path of ['artifacts/port', 'artifacts/digest', 'artifacts/local-directory', 'domain/trouble']) {
    const name = basename(path);
    const { code } = await transformFile(join(process.cwd(), 'src', `${path}.ts`), {
      jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
      module: { type: 'es6' },
    });
    const beside = code.replace(/from '[./\w-]*?([\w-]+)\.ts'/g, "from './$1.mjs'");
    await writeFile(join(folder, `${name}.mjs`), beside);
  }
  const main = `
    import { randomBytes } from 'node:crypto';
    import { createLocalDirectoryStore } from './local-directory.mjs';
    const store = createLocalDirectoryStore({ directory: process.argv[2] });
    for (;;) console.log(await store.put(randomBytes(20_000_000), 'application/octet-stream'));`;
  await writeFile(join(folder, 'main.mjs'), main);
  return join(folder, 'main.mjs');
}

test('JSON is stored as a value and parsed with a schema', async () => {
  const digest = await putJson(store, { runs: 2 });
  const schema = z.object({ runs: z.number() });
  expect(await getJson(store, { digest, bytesMax: 100, schema })).toEqual({ runs: 2 });
  await expect(getJson(store, { digest, bytesMax: 100, schema: z.string() })).rejects.toThrow(z.ZodError);
  await expect(putJson(store, undefined)).rejects.toThrow(TypeError);
  const notJson = await store.put(Buffer.from([0xff, 0xfe]), 'text/plain');
  await expect(getJson(store, { digest: notJson, bytesMax: 100, schema })).rejects.toMatchObject({
    kind: 'corrupted',
  });
});

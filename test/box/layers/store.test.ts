/** Layers: built once, whole or not at all, never while somebody else builds; old ones go, those in use stay. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  defaultLayerLimits,
  type Layer,
  type LayerRequest,
  prune,
  sweepLayers,
  withLayer,
} from '../../../src/box/layers/store.ts';

let dir = '';
let rootDir = '';
let checkout = '';
const tracked = new Set(['package.json', 'src/a.js', 'packages/one/index.js']);
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'layers-'));
  rootDir = join(dir, 'layers');
  checkout = join(dir, 'checkout');
  await put('package.json', '{}');
  await put('src/a.js', 'a');
  await put('packages/one/index.js', '1');
});
afterEach(() => rm(dir, { recursive: true }));

const put = async (name: string, text: string): Promise<void> => {
  await mkdir(join(checkout, name, '..'), { recursive: true });
  await writeFile(join(checkout, name), text);
};
const keyOf = (digit: number): string => String(digit).repeat(64);
let builds = 0;
const request = (change: Partial<LayerRequest> = {}): LayerRequest => ({
  ...{ rootDir, key: keyOf(1), limits: defaultLayerLimits, signal: new AbortController().signal },
  build: async take => {
    builds += 1;
    await take(checkout, tracked);
    return { said: 'done' };
  },
  ...change,
});
const make = (change: Partial<LayerRequest> = {}): Promise<Layer> =>
  withLayer(request(change), async layer => layer);
/** What lies there; layers by their keys. */
const whole = async (): Promise<readonly string[]> =>
  (await readdir(rootDir))
    .filter(name => name !== 'leases')
    .map(name => name.replace(/^([0-9a-f]{64})-[0-9a-f]{8}$/, '$1'))
    .sort();

describe('a layer', () => {
  test('holds what is not tracked, at its highest places, with links as links', async () => {
    await put('node_modules/lib/index.js', 'lib');
    await put('packages/one/node_modules/x/index.js', 'x');
    await put('src/made.js', 'made');
    await put('package.json', 'changed by the set-up');
    await symlink('../packages/one', join(checkout, 'node_modules', 'one'));
    await symlink('/etc', join(checkout, 'link'));
    await put('.git/config', 'hostile');
    const layer = await make();
    expect(layer).toMatchObject({ reused: false, record: { said: 'done' } });
    expect(layer.roots).toEqual([
      { path: 'node_modules', kind: 'dir' },
      { path: 'packages/one/node_modules', kind: 'dir' },
      { path: 'src/made.js', kind: 'file' },
    ]);
    expect(await readFile(join(layer.dir, 'node_modules/lib/index.js'), 'utf8')).toBe('lib');
    expect(await readFile(join(layer.dir, 'src/made.js'), 'utf8')).toBe('made');
    expect((await readdir(layer.dir)).sort()).toEqual(['node_modules', 'packages', 'src']);
  });

  test('never goes behind a link that the set-up put in the place of a tracked directory', async () => {
    await rm(join(checkout, 'src'), { recursive: true });
    await symlink('/etc', join(checkout, 'src'));
    expect((await make()).roots).toEqual([]);
  });

  test('of too many places is refused', async () => {
    for (let count = 0; count < 201; count++) await put(`made-${count}`, '');
    await expect(make()).rejects.toThrow('201 places');
    expect(await whole()).toEqual([]);
  });

  test('is built once, whoever asks at the same time, and never again', async () => {
    builds = 0;
    const layers = await Promise.all([make(), make(), make()]);
    expect(layers.map(({ reused }) => reused).sort()).toEqual([false, true, true]);
    expect(await make()).toMatchObject({ reused: true, record: { said: 'done' } });
    expect(builds).toBe(1);
    await make({ key: keyOf(2) });
    expect(builds).toBe(2);
  });

  test('of a build that fails or is called off is not there, and the next one builds it', async () => {
    const failing = async (take: Parameters<LayerRequest['build']>[0]) => {
      await take(checkout, tracked);
      throw new Error('no such package');
    };
    await expect(make({ build: failing })).rejects.toThrow('no such package');
    expect(await whole()).toEqual([]);
    const stop = new AbortController();
    const calledOff = async (take: Parameters<LayerRequest['build']>[0]) => {
      await take(checkout, tracked);
      stop.abort(new Error('called off'));
    };
    await expect(make({ build: calledOff, signal: stop.signal })).rejects.toThrow('called off');
    expect(await whole()).toEqual([]);
    expect(await make()).toMatchObject({ reused: false });
  });

  test('of somebody who waits for another builder and is called off is left to that builder', async () => {
    const stop = new AbortController();
    let waiting: Promise<Layer> | undefined;
    const layer = await make({
      build: async take => {
        waiting = make({ signal: stop.signal });
        stop.abort(new Error('called off'));
        await expect(waiting).rejects.toThrow();
        await take(checkout, tracked);
        return {};
      },
    });
    expect(layer.reused).toBe(false);
    expect(await whole()).toEqual([keyOf(1)]);
  });

  test('whose builder is killed in the middle is not there; the next one builds it, and no litter stays', async () => {
    await put('node_modules/lib/index.js', 'lib');
    const program = fileURLToPath(new URL('programs/building.ts', import.meta.url));
    const typescript = new URL('../../support/typescript.mjs', import.meta.url).href;
    const child = spawn(
      process.execPath,
      ['--import', typescript, '--no-warnings', program, rootDir, keyOf(1), checkout],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    // in the middle: its half is there, under another name
    expect((await whole()).filter(name => name.startsWith('building-')).length).toBeGreaterThan(0);
    await sweepLayers(rootDir);
    expect((await whole()).filter(name => name.startsWith('building-')).length).toBeGreaterThan(0);
    expect(await whole()).not.toContain(keyOf(1));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await make()).toMatchObject({ reused: false });
    await sweepLayers(rootDir);
    expect(await whole()).toEqual([keyOf(1)]);
    expect(await readdir(join(rootDir, 'leases'))).toEqual([]);
  });
});

describe('old layers', () => {
  const aged = async (digit: number, hours: number): Promise<void> => {
    await make({ key: keyOf(digit) });
    const then = new Date(Date.now() - hours * 3_600_000);
    const name = (await readdir(rootDir)).find(one => one.startsWith(keyOf(digit))) ?? '';
    await utimes(join(rootDir, name), then, then);
  };

  test('go by their number, the one that was not used for longest first', async () => {
    await aged(1, 1);
    await aged(2, 3);
    await aged(3, 2);
    expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 3 })).toEqual([]);
    expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 2 })).toEqual([keyOf(2)]);
    // being used makes it young again
    await make({ key: keyOf(3) });
    expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 1 })).toEqual([keyOf(1)]);
    expect(await whole()).toEqual([keyOf(3)]);
  });

  test('go by their size, when another one was built', async () => {
    await put('big/file', 'x'.repeat(1_000_000));
    await aged(1, 3);
    await aged(2, 2);
    await make({ key: keyOf(3), limits: { layersMax: 10, bytesMax: 2_500_000 } });
    expect(await whole()).toEqual([keyOf(2), keyOf(3)]);
  });

  test('of an earlier boot are not believed, and go with the next sweep', async () => {
    await make();
    const [name = ''] = (await readdir(rootDir)).filter(one => one.startsWith(keyOf(1)));
    await rename(join(rootDir, name), join(rootDir, `${keyOf(1)}-00000000`));
    expect(await make()).toMatchObject({ reused: false });
    await sweepLayers(rootDir);
    expect((await readdir(rootDir)).filter(one => one.startsWith(keyOf(1)))).toEqual([name]);
  });

  test('stay while somebody uses them', async () => {
    await aged(2, 1);
    await withLayer(request(), async () => {
      expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 0 })).toEqual([keyOf(2)]);
      expect(await whole()).toEqual([keyOf(1)]);
    });
    expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 0 })).toEqual([keyOf(1)]);
    expect(await whole()).toEqual([]);
  });
});

test('a key is nothing but a key', async () => {
  for (const key of ['', '..', `../${keyOf(1).slice(3)}`, 'x'.repeat(64)])
    await expect(make({ key })).rejects.toThrow('not the key of a layer');
});

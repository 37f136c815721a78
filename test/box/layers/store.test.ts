/** Layers are built once and atomically. Old ones are removed; layers in use are kept. */
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
/** Names in the directory; layers by their keys. */
const stored = async (): Promise<readonly string[]> =>
  (await readdir(rootDir))
    .filter(name => name !== 'leases')
    .map(name => name.replace(/^([0-9a-f]{64})-[0-9a-f]{8}$/, '$1'))
    .sort();

describe('a layer', () => {
  test('contains untracked files by their topmost paths, with links as links', async () => {
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

  test('contains no repository, at any depth', async () => {
    await put('node_modules/lib/index.js', 'lib');
    for (const name of ['node_modules/.git/config', 'node_modules/lib/.GIT/hooks/post-checkout'])
      await put(name, 'hostile');
    await put('node_modules/lib/deep/.git', 'gitdir: /elsewhere');
    await put('node_modules/lib/.github/kept', 'kept');
    const { dir: files } = await make();
    const names = await readdir(files, { recursive: true });
    expect(names.filter(name => /\.git$/i.test(name))).toEqual([]);
    expect(names.sort()).toEqual([
      'node_modules',
      'node_modules/lib',
      'node_modules/lib/.github',
      'node_modules/lib/.github/kept',
      'node_modules/lib/deep',
      'node_modules/lib/index.js',
    ]);
  });

  test('does not follow a link that the set-up put in place of a tracked directory', async () => {
    await rm(join(checkout, 'src'), { recursive: true });
    await symlink('/etc', join(checkout, 'src'));
    expect((await make()).roots).toEqual([]);
  });

  test('with too many topmost paths is refused', async () => {
    for (let count = 0; count < 201; count++) await put(`made-${count}`, '');
    await expect(make()).rejects.toThrow('201 places');
    expect(await stored()).toEqual([]);
  });

  test('is built once, even for concurrent requests', async () => {
    builds = 0;
    const layers = await Promise.all([make(), make(), make()]);
    expect(layers.map(({ reused }) => reused).sort()).toEqual([false, true, true]);
    expect(await make()).toMatchObject({ reused: true, record: { said: 'done' } });
    expect(builds).toBe(1);
    await make({ key: keyOf(2) });
    expect(builds).toBe(2);
  });

  test('is not stored if the build fails or is cancelled, and the next request builds it', async () => {
    const failing = async (take: Parameters<LayerRequest['build']>[0]) => {
      await take(checkout, tracked);
      throw new Error('no such package');
    };
    await expect(make({ build: failing })).rejects.toThrow('no such package');
    expect(await stored()).toEqual([]);
    const stop = new AbortController();
    const cancelled = async (take: Parameters<LayerRequest['build']>[0]) => {
      await take(checkout, tracked);
      stop.abort(new Error('cancelled'));
    };
    await expect(make({ build: cancelled, signal: stop.signal })).rejects.toThrow('cancelled');
    expect(await stored()).toEqual([]);
    expect(await make()).toMatchObject({ reused: false });
  });

  test('is still built if another request that waits for it is cancelled', async () => {
    const stop = new AbortController();
    let waiting: Promise<Layer> | undefined;
    const layer = await make({
      build: async take => {
        waiting = make({ signal: stop.signal });
        stop.abort(new Error('cancelled'));
        await expect(waiting).rejects.toThrow();
        await take(checkout, tracked);
        return {};
      },
    });
    expect(layer.reused).toBe(false);
    expect(await stored()).toEqual([keyOf(1)]);
  });

  test('is not stored if its builder is killed; the next request builds it, and a sweep removes leftovers', async () => {
    await put('node_modules/lib/index.js', 'lib');
    const program = fileURLToPath(new URL('programs/building.ts', import.meta.url));
    const typescript = new URL('../../support/typescript.mjs', import.meta.url).href;
    const child = spawn(
      process.execPath,
      ['--import', typescript, '--no-warnings', program, rootDir, keyOf(1), checkout],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    // the incomplete layer has another name
    expect((await stored()).filter(name => name.startsWith('building-')).length).toBeGreaterThan(0);
    await sweepLayers(rootDir);
    expect((await stored()).filter(name => name.startsWith('building-')).length).toBeGreaterThan(0);
    expect(await stored()).not.toContain(keyOf(1));
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await make()).toMatchObject({ reused: false });
    await sweepLayers(rootDir);
    expect(await stored()).toEqual([keyOf(1)]);
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

  test('are removed when there are too many, least recently used first', async () => {
    await aged(1, 1);
    await aged(2, 3);
    await aged(3, 2);
    expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 3 })).toEqual([]);
    expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 2 })).toEqual([keyOf(2)]);
    // use renews its time
    await make({ key: keyOf(3) });
    expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 1 })).toEqual([keyOf(1)]);
    expect(await stored()).toEqual([keyOf(3)]);
  });

  test('are removed after a build when all together are too big', async () => {
    await put('big/file', 'x'.repeat(1_000_000));
    await aged(1, 3);
    await aged(2, 2);
    await make({ key: keyOf(3), limits: { layersMax: 10, bytesMax: 2_500_000 } });
    expect(await stored()).toEqual([keyOf(2), keyOf(3)]);
  });

  test('of an earlier boot are not used, and the next sweep removes them', async () => {
    await make();
    const [name = ''] = (await readdir(rootDir)).filter(one => one.startsWith(keyOf(1)));
    await rename(join(rootDir, name), join(rootDir, `${keyOf(1)}-00000000`));
    expect(await make()).toMatchObject({ reused: false });
    await sweepLayers(rootDir);
    expect((await readdir(rootDir)).filter(one => one.startsWith(keyOf(1)))).toEqual([name]);
  });

  test('are kept while they are in use', async () => {
    await aged(2, 1);
    await withLayer(request(), async () => {
      expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 0 })).toEqual([keyOf(2)]);
      expect(await stored()).toEqual([keyOf(1)]);
    });
    expect(await prune(rootDir, { ...defaultLayerLimits, layersMax: 0 })).toEqual([keyOf(1)]);
    expect(await stored()).toEqual([]);
  });
});

test('an invalid key is refused', async () => {
  for (const key of ['', '..', `../${keyOf(1).slice(3)}`, 'x'.repeat(64)])
    await expect(make({ key })).rejects.toThrow('not a layer key');
});

/** A box can overwrite every file of a layer, but the next box sees the original bytes. */
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { allocateWorkspace, type Workspace } from '../../../src/box/workspace.ts';
import { withLayer } from '../../../src/box/layers/store.ts';
import { placeLayer } from '../../../src/box/layers/take-out.ts';
import { runInBox } from '../../../src/box/run.ts';
import { type BoxMount, defaultLimits } from '../../../src/box/spec.ts';
import type { BoxTier } from '../../../src/box/tier.ts';
import { shell, tier, tools } from '../support/box.ts';

let dir = '';
beforeEach(async () => void (dir = await mkdtemp(join(tmpdir(), 'poison-'))));
afterEach(() => rm(dir, { recursive: true }));

const allocate = (runId: string, fill: (dir: string) => Promise<void>): Promise<Workspace> =>
  allocateWorkspace({
    ...{ tier, rootDir: join(dir, 'runs'), runId, fill },
    ...{ workspaceBytesMax: 64 * 1024 * 1024, workspaceFilesMax: 1_000 },
  });

/** Builds a layer in a box, so that its files belong to the box's user, as after a set-up. */
const withMade = async <T>(use: (layer: { dir: string; roots: never[] }) => Promise<T>): Promise<T> =>
  await withLayer(
    {
      ...{ rootDir: join(dir, 'layers'), key: '1'.repeat(64), limits: { layersMax: 9, bytesMax: 1e9 } },
      signal: new AbortController().signal,
      build: async take => {
        const workspace = await allocate('set-up', ws => writeFile(join(ws, 'package.json'), '{}'));
        const made =
          'mkdir -p node_modules/lib && echo original > node_modules/lib/index.js && echo one > made';
        expect((await shell(made, { workspaceDir: workspace.dir })).exitCode).toBe(0);
        await take(workspace.dir, new Set(['package.json']));
        await workspace.release();
      },
    },
    async layer => await use(layer as never),
  );

interface Placing {
  readonly overlays: readonly BoxMount[];
  readonly leftOut: readonly string[];
  readonly workspace: Workspace;
}

const placed = async (
  layer: { dir: string; roots: never[] },
  how: { readonly as?: BoxTier; readonly before?: (ws: string) => Promise<void> } = {},
): Promise<Placing> => {
  let found = { overlaid: [] as readonly string[], leftOut: [] as readonly string[] };
  const workspace = await allocate('run', async ws => {
    await writeFile(join(ws, 'package.json'), '{}');
    await how.before?.(ws);
    found = await placeLayer({ tier: how.as ?? tier, layerDir: layer.dir, roots: layer.roots, dir: ws });
  });
  const overlays = found.overlaid.map(place => ({ from: join(layer.dir, place), to: `/ws/${place}` }));
  return { overlays, leftOut: found.leftOut, workspace };
};

const attack = `
  echo poison > node_modules/lib/index.js; echo more > node_modules/lib/new.js
  rm -rf node_modules/lib; mkdir node_modules/lib; echo poison > node_modules/lib/index.js; echo poison > made
  cat node_modules/lib/index.js made`;

/** The tier of this host, and a tier that cannot mount and therefore copies layers. */
const tiers: readonly (readonly [string, BoxTier])[] = [
  ['of this host', tier],
  ['of an ordinary user', { ...tier, privileged: false }],
];

describe.each(tiers)('in the tier %s', (_name, as) => {
  test('a run that overwrites the layer does not affect other runs', async () => {
    await withMade(async layer => {
      const first = await placed(layer, { as });
      const { overlays } = first;
      expect((await shell(attack, { workspaceDir: first.workspace.dir, overlays })).stdout).toBe(
        'poison\npoison\n',
      );
      await first.workspace.release();
      const second = await placed(layer, { as });
      const inspect =
        'cat node_modules/lib/index.js made; ls node_modules/lib; echo x > node_modules/lib/y && echo can write';
      const { stdout } = await shell(inspect, {
        workspaceDir: second.workspace.dir,
        overlays: second.overlays,
      });
      expect(stdout).toBe('original\none\nindex.js\ncan write\n');
      await second.workspace.release();
      expect(await readFile(join(layer.dir, 'node_modules/lib/index.js'), 'utf8')).toBe('original\n');
    });
  });

  test('files and links of the commit are not replaced, and nothing is written below a link', async () => {
    await withMade(async layer => {
      const ours = async (ws: string): Promise<void> => {
        await mkdir(join(ws, 'node_modules'));
        await writeFile(join(ws, 'node_modules', 'kept.js'), 'of the commit\n');
        await symlink('/etc', join(ws, 'made'));
      };
      const { overlays, leftOut, workspace } = await placed(layer, { as, before: ours });
      expect([...leftOut].sort()).toEqual(['made', 'node_modules']);
      const { stdout } = await shell('cat node_modules/kept.js; ls node_modules; readlink made', {
        ...{ workspaceDir: workspace.dir, overlays },
      });
      expect(stdout).toBe('of the commit\nkept.js\n/etc\n');
      await workspace.release();
    });
  });
});

test('positive control: the same attack on the layer directory itself changes the layer', async () => {
  await withMade(async layer => {
    // the directory's mode protects it too
    await chmod(layer.dir, 0o755);
    expect((await shell(attack, { workspaceDir: layer.dir })).stdout).toBe('poison\npoison\n');
    expect(await readFile(join(layer.dir, 'node_modules/lib/index.js'), 'utf8')).toBe('poison\n');
  });
});

(tier.privileged ? test : test.skip)('writes to an overlay are limited (needs root)', async () => {
  await withMade(async layer => {
    const { overlays, workspace } = await placed(layer);
    const fill = (megabytes: number) =>
      runInBox(
        {
          ...{ command: 'dd', args: ['if=/dev/zero', 'of=node_modules/fill', 'bs=1M', `count=${megabytes}`] },
          ...{ env: tools, readOnlyMounts: [], stdin: '', workspaceDir: workspace.dir, overlays },
          limits: { ...defaultLimits, workspaceBytesMax: 8 * 1024 * 1024 },
        },
        { tier },
      );
    expect(await fill(4)).toMatchObject({ exitCode: 0 });
    expect(await fill(20)).toMatchObject({
      exitCode: 1,
      stderrTail: expect.stringContaining('No space left'),
    });
    await workspace.release();
  });
});

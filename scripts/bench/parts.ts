/** Measures each part that the runner adds to an agent, with the code that a real run uses. */
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mirrorWith } from '../../src/activities/change.ts';
import { exportChange } from '../../src/box/change-export.ts';
import { placeLayer } from '../../src/box/layers/take-out.ts';
import { runInBox } from '../../src/box/run.ts';
import { defaultLimits } from '../../src/box/spec.ts';
import type { BoxTier } from '../../src/box/tier.ts';
import { allocateWorkspace } from '../../src/box/workspace.ts';
import { historyOf } from '../../src/git/history.ts';
import { cloneWorkspace } from '../../src/git/workspace-clone.ts';
import { plenty, testModel } from '../../test/model-gateway/support/gateway.ts';
import { timed } from './figures.ts';
import type { BenchStage } from './stage.ts';

export type Parts = Readonly<Record<string, number>>;

/** Measures every part once. */
export async function measureParts({ ports, scheduler, base }: BenchStage, round: number): Promise<Parts> {
  const { tier, workspacesDir: rootDir, modelGateway } = ports;
  const history = historyOf(scheduler.policy.workspace);
  const where = { repository: scheduler.repository, commit: base, history };
  const runId = `bench-parts-${round}`;
  const { workspaceBytesMax, workspaceFilesMax } = defaultLimits;
  const bounds = { tier, rootDir, workspaceBytesMax, workspaceFilesMax };
  const mirrored = await timed(() => mirrorWith(ports, where));
  const mirror = await mirrorWith(ports, where);
  const empty = await timed(async () => {
    const none = { ...bounds, runId: `${runId}-empty`, fill: () => Promise.resolve() };
    await (await allocateWorkspace(none)).release();
  });
  let cloned = 0;
  const fill = async (dir: string): Promise<void> => {
    cloned = await timed(() => cloneWorkspace({ mirror, base, dir, history }));
  };
  const workspace = await allocateWorkspace({ ...bounds, runId, fill });
  const { dir } = workspace;
  const parts = {
    'mirror, the commit is there': mirrored,
    'clone from the mirror': cloned,
    'workspace, empty: made and released': empty,
    'model gateway, registered and settled': await timed(async () => {
      await modelGateway.register({ runId, model: testModel, limits: plenty });
      await modelGateway.close(runId);
    }),
    'box, started and ended': await timed(() => runInBox({ ...nothing, workspaceDir: dir }, { tier })),
    'change, taken out of the box': await timed(() =>
      exportChange({ tier, workspaceDir: dir, baseCommit: base }),
    ),
    ...(await measureLayer(dir, tier)),
  };
  return { ...parts, 'workspace, full: released': await timed(() => workspace.release()) };
}

const nothing = {
  ...{ command: '/bin/true', args: [], env: {}, stdin: '' },
  ...{ limits: defaultLimits, readOnlyMounts: [] },
};

/** Uses the sources of a clone as the layer of a set-up, so it has as many files as the repository. */
async function measureLayer(layerDir: string, tier: BoxTier): Promise<Parts> {
  const dir = await mkdtemp(join(tmpdir(), 'bench-layer-'));
  try {
    const roots = [{ path: 'src', kind: 'dir' as const }];
    const copied = await timed(() =>
      placeLayer({ tier: { ...tier, privileged: false }, layerDir, roots, dir }),
    );
    await rm(join(dir, 'src'), { recursive: true });
    if (tier.boxUid === undefined) return { 'layer of a set-up, as a copy': copied };
    await chown(dir, tier.boxUid, tier.boxUid);
    const overlays = [{ from: join(layerDir, 'src'), to: '/ws/src' }];
    return {
      'layer of a set-up, as a copy': copied,
      'box with that layer as an overlay': await timed(() =>
        runInBox({ ...nothing, workspaceDir: dir, overlays }, { tier }),
      ),
    };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

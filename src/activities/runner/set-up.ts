/**
 * The policy's set-up commands (such as `npm ci`): run once for the same inputs, in a separate box with the network that
 * the policy names. The result is a read-only layer below runs and verifications.
 */
import { z } from 'zod';
import { defaultLayerLimits, type Layer, withLayer } from '../../box/layers/store.ts';
import { placeLayer } from '../../box/layers/take-out.ts';
import { WORKSPACE } from '../../box/contents.ts';
import type { Digest } from '../../domain/digest.ts';
import type { SetUpFacts } from '../../domain/state/work.ts';
import { listTree } from '../../git/objects.ts';
import { PermanentFailure } from '../effect-failure.ts';
import type { RunnerPorts } from './ports.ts';
import { setUpKey } from './set-up-key.ts';
import { runSetUp, SetUpFailure } from './set-up-run.ts';
import { noSetUp, type SetUp, type SetUpInput } from './set-up-types.ts';

/** Keeps the layer while `use` runs. Throws `SetUpFailure`. */
export async function withSetUp<T>(
  ports: RunnerPorts,
  input: SetUpInput,
  use: (setUp: SetUp) => Promise<T>,
): Promise<T> {
  const { policy, tree, heartbeat, on } = input;
  if (policy.commands.length === 0) return await use(noSetUp);
  const files = await listTree(tree, tree.commit);
  const onlyFor = on === 'head' ? { onlyFor: tree.commit } : {};
  const { tier } = ports;
  const digest = await setUpKey({
    repository: input.repository,
    target: input.target,
    ...onlyFor,
    policy,
    files,
    tier,
  });
  heartbeat.setDetails({ doing: 'set-up' });
  return await withLayer(
    {
      rootDir: ports.setUp.layersDir,
      key: digest.replace('sha256:', ''),
      limits: ports.setUp.layerLimits ?? defaultLayerLimits,
      signal: heartbeat.signal,
      build: take => runSetUp(ports, input, dir => take(dir, new Set(files.map(file => file.path)))),
    },
    layer => use(setUpOf(ports, { layer, digest, on })),
  );
}

/** The set-up of the base, for runs and for tests on the base. A failure is not the change's fault: a person must fix it. */
export async function withBaseSetUp<T>(
  ports: RunnerPorts,
  input: Omit<SetUpInput, 'on'>,
  use: (setUp: SetUp) => Promise<T>,
): Promise<T> {
  try {
    return await withSetUp(ports, { ...input, on: 'base' }, use);
  } catch (error) {
    throw error instanceof SetUpFailure ? new PermanentFailure('SetUpFailed', error.message) : error;
  }
}

const texts = z.array(z.string());
const boxSchema = z.object({ name: z.string(), guards: texts, gaps: texts, problems: texts });
/** The record that `runSetUp` returned for the layer. Older layers have their box as a text, or not at all. */
const recordSchema = z.object({
  output: z.string(),
  connections: z.string(),
  box: z.union([boxSchema, z.string()]).optional(),
});

interface Found {
  readonly layer: Layer;
  readonly digest: Digest;
  readonly on: SetUpFacts['on'];
}

function setUpOf(ports: RunnerPorts, { layer, digest, on }: Found): SetUp {
  const { output, connections, box } = recordSchema.parse(layer.record);
  return {
    facts: {
      layer: digest,
      on,
      reused: layer.reused,
      output: output as Digest,
      connections: connections as Digest,
      ...(box === undefined ? {} : { box }),
    },
    places: layer.roots.map(root => root.path),
    place: async dir => {
      const { tier } = ports;
      const placed = await placeLayer({ tier, layerDir: layer.dir, roots: layer.roots, dir });
      const overlays = placed.overlaid.map(place => ({
        from: `${layer.dir}/${place}`,
        to: `${WORKSPACE}/${place}`,
      }));
      return { overlays, leftOut: placed.leftOut };
    },
  };
}

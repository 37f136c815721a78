/** The folder, the outside and the bucket of a test; clusters and fleets come and go on it. */
import { chmod, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutside, type Outside } from '../../../demo/outside.ts';
import type { ScriptChoice } from '../../../simulator/model/script.ts';
import type { Environment } from '../../../src/config/environment.ts';
import { makeOwnFolder } from '../../../src/host/own-folder.ts';
import { type Bucket, openBucket } from './bucket.ts';
import { type Closing, closing } from './closing.ts';
import type { FleetInput } from './fleet.ts';
import type { PostgreSql } from './postgresql.ts';
import { startTemporalCluster, type TemporalCluster } from './temporal-cluster.ts';

export interface ClusterStage {
  readonly folder: string;
  readonly outside: Outside;
  readonly bucket: Bucket;
  /** Closes what the test opened, the last first. */
  readonly later: Closing['later'];
  readonly close: () => Promise<void>;
}

/** Others may pass through the folder: PostgreSQL of root runs as another user. */
const PASSABLE = 0o711;

export async function openClusterStage(script?: ScriptChoice): Promise<ClusterStage> {
  const { later, closeAll } = closing();
  const made = makeOwnFolder(join(tmpdir(), 'signalbox-cluster-'));
  later(made.remove);
  try {
    await chmod(made.dir, PASSABLE);
    const outside = await openOutside(join(made.dir, 'github'), script);
    later(outside.close);
    const bucket = await openBucket(join(made.dir, 'bucket'));
    later(bucket.close);
    return { folder: made.dir, outside, bucket, later, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

export async function openCluster(
  { folder, later }: ClusterStage,
  name = 'temporal',
  restore?: (postgresql: PostgreSql) => Promise<void>,
): Promise<TemporalCluster> {
  const cluster = await startTemporalCluster(join(folder, name), restore);
  later(cluster.stop);
  return cluster;
}

/** The settings of a fleet whose data directories are in a new folder of the stage. */
export async function fleetIn(
  stage: Pick<ClusterStage, 'folder' | 'outside' | 'bucket'>,
  name: string,
  temporal: Environment,
): Promise<FleetInput> {
  const folder = join(stage.folder, name);
  await mkdir(folder);
  return { folder, outside: stage.outside, values: { ...stage.bucket.values, ...temporal } };
}

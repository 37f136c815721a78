/** The paths where the processes of one host keep their files. */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessSettings } from './environment.ts';

export interface Layout {
  readonly artifacts: string;
  readonly schedulerMirrors: string;
  readonly runnerMirrors: string;
  readonly workspaces: string;
  /** One for each issue that a runner works on. */
  readonly leases: string;
  /** The results of set-ups. */
  readonly layers: string;
  readonly modelGateway: string;
  readonly modelGatewayControl: string;
}

export function layoutOf(settings: ProcessSettings): Layout {
  const { dataDir } = settings;
  const modelGateway = settings.SIGNALBOX_MODEL_GATEWAY_DIR ?? shortDir(dataDir);
  return {
    artifacts: join(dataDir, 'artifacts'),
    schedulerMirrors: join(dataDir, 'mirrors', 'scheduler'),
    runnerMirrors: join(dataDir, 'mirrors', 'runner'),
    workspaces: join(dataDir, 'workspaces'),
    leases: join(dataDir, 'leases'),
    layers: join(dataDir, 'layers'),
    modelGateway,
    modelGatewayControl: join(modelGateway, 'control.sock'),
  };
}

/** Linux limits the path of a Unix socket to 107 bytes, so sockets cannot be in an arbitrary data directory. */
function shortDir(dataDir: string): string {
  const name = createHash('sha256').update(dataDir).digest('hex').slice(0, 12);
  return join(tmpdir(), `signalbox-${name}`);
}

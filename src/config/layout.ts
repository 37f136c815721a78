/** The paths where the processes of one host keep their files. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ProcessSettings } from './environment.ts';
import { SettingsError } from './settings-error.ts';

export interface Layout {
  readonly artifacts: string;
  readonly schedulerMirrors: string;
  readonly runnerMirrors: string;
  readonly workspaces: string;
  /** One for each issue that a runner works on. */
  readonly leases: string;
  /** The results of set-ups. */
  readonly layers: string;
}

export function layoutOf(settings: ProcessSettings): Layout {
  const { dataDir } = settings;
  return {
    artifacts: join(dataDir, 'artifacts'),
    schedulerMirrors: join(dataDir, 'mirrors', 'scheduler'),
    runnerMirrors: join(dataDir, 'mirrors', 'runner'),
    workspaces: join(dataDir, 'workspaces'),
    leases: join(dataDir, 'leases'),
    layers: join(dataDir, 'layers'),
  };
}

/**
 * The folder of the model gateway's sockets and accounts. `up`, `demo` and `run` make a new one and set the variable. A
 * service manager's processes must find each other, so theirs is fixed, at a name that no other user can take: that of
 * root in a folder that its gateway's own user can reach, any other in the data directory if its path is short enough.
 */
export function modelGatewayDir(settings: ProcessSettings, isRoot = process.getuid?.() === 0): string {
  const { SIGNALBOX_MODEL_GATEWAY_DIR: dir, XDG_RUNTIME_DIR: ofUser, dataDir } = settings;
  if (dir !== undefined) return dir;
  const inDataDir = join(dataDir, 'gateway');
  if (!isRoot && inDataDir.length <= SOCKET_DIR_CHARS_MAX) return inDataDir;
  const runtimeDir = isRoot ? '/run' : ofUser;
  if (runtimeDir === undefined)
    throw new SettingsError({
      what: `${dataDir} is too long for the paths of sockets`,
      fix: 'set SIGNALBOX_MODEL_GATEWAY_DIR to a short path below a folder that only this user can write to',
    });
  return join(runtimeDir, 'signalbox', createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
}

/** Linux limits the path of a socket to 107 bytes; that of a run is 32 longer than its folder's. */
const SOCKET_DIR_CHARS_MAX = 75;

export function modelGatewayControl(settings: ProcessSettings): string {
  return join(modelGatewayDir(settings), 'control.sock');
}

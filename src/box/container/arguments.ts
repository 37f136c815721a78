/** Turns a spec into the arguments of `docker run` or `podman run`. Pure; nothing in here is secret. */
import path from 'node:path';

import { type BoxContents, commandOf, HOME, MODEL_DIR, WORKSPACE } from '../contents.ts';
import type { BoxLimits, BoxMount, BoxSpec } from '../spec.ts';
import { ENVIRONMENT_FILE, STARTED_LINE } from './started-by-shell.ts';
import type { ContainerTier } from './tier.ts';

/** Which processes the runner that is in the name counts among. */
export const NAMESPACE_LABEL = 'signalbox.pid-namespace';

export interface ContainerPlace {
  readonly name: string;
  /** By which a later runner knows that it can tell whose container this was. */
  readonly labels: Readonly<Record<string, string>>;
  /** `user:group` of the box, as the engine writes them. */
  readonly user: string;
  /** Host path of the directory that holds the environment until the command has started. */
  readonly startDir: string;
  readonly seccompFile: string;
  /** Host path of a directory in which nothing is. */
  readonly emptyDir: string;
  /** Made for this box alone. */
  readonly files: readonly BoxMount[];
  readonly contents: Omit<BoxContents, 'overlays'>;
  /** For all of the user's processes; Podman would otherwise ask for more than a host may allow. */
  readonly hostProcessesMax?: number;
}

const START_DIR = '/run/box';

/** `env -i` first: neither the image nor the engine has a say in the command's environment. */
const START_SCRIPT = `. ${START_DIR}/${ENVIRONMENT_FILE} && echo '${STARTED_LINE}' >&2 && exec "$@"`;

export function containerArguments(spec: BoxSpec, tier: ContainerTier, place: ContainerPlace): string[] {
  const command = commandOf(spec, { path: tier.image.node, mounts: [] });
  return [
    ...['run', '--name', place.name, '--interactive', '--init', '--pull', 'never', '--log-driver', 'none'],
    ...Object.entries(place.labels).flatMap(([name, value]) => ['--label', `${name}=${value}`]),
    ...isolation(tier, place),
    ...limits(spec.limits, place.hostProcessesMax),
    ...scratch(spec.limits),
    ...mounts(spec, place),
    ...['--workdir', WORKSPACE, '--entrypoint', '/usr/bin/env', tier.image.id],
    ...['-i', '/bin/sh', '-c', START_SCRIPT, 'box', ...command],
  ];
}

function isolation({ engine }: ContainerTier, place: ContainerPlace): string[] {
  const podman = [
    '--security-opt',
    'mask=/proc/key-users',
    '--read-only-tmpfs=false',
    '--image-volume=ignore',
  ];
  const asItself = engine.rootless ? ['--userns', 'keep-id'] : [];
  return [
    ...['--user', place.user, '--cap-drop', 'ALL', '--read-only', '--network', 'none'],
    ...['--ipc', 'private', '--cgroupns', 'private', '--hostname', 'box', '--no-healthcheck'],
    ...['--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${place.seccompFile}`],
    ...(engine.name === 'podman' ? [...podman, ...asItself] : []),
  ];
}

function limits(limit: BoxLimits, hostProcessesMax: number | undefined): string[] {
  const both = (value: number): string => `${value}:${value}`;
  const memory = String(limit.memoryBytesMax);
  return [
    ...['--memory', memory, '--memory-swap', memory, '--pids-limit', String(limit.processesMax)],
    ...['--ulimit', `fsize=${both(limit.fileBytesMax)}`, '--ulimit', `nofile=${both(OPEN_FILES_MAX)}`],
    ...['--ulimit', `core=${both(0)}`],
    ...(hostProcessesMax === undefined ? [] : ['--ulimit', `nproc=${both(hostProcessesMax)}`]),
  ];
}

const OPEN_FILES_MAX = 4096;

function scratch({ tmpBytesMax }: BoxLimits): string[] {
  const options = `rw,exec,nosuid,nodev,size=${tmpBytesMax},mode=1777`;
  return [
    ...['--shm-size', String(tmpBytesMax)],
    ...['/tmp', HOME].flatMap(dir => ['--tmpfs', `${dir}:${options}`]),
  ];
}

/** An engine mounts the shorter paths first, in whatever order they are named. */
function mounts(spec: BoxSpec, { contents, files, startDir, emptyDir }: ContainerPlace): string[] {
  const readOnly = [
    { from: startDir, to: START_DIR },
    ...files,
    ...contents.readOnlyMounts,
    ...(contents.modelDir === undefined ? [] : [{ from: contents.modelDir, to: MODEL_DIR }]),
  ];
  return [...readOnly.flatMap(mount => bind(mount, 'readonly')), ...workspace(spec, { contents, emptyDir })];
}

function workspace(
  spec: BoxSpec,
  { contents, emptyDir }: Pick<ContainerPlace, 'contents' | 'emptyDir'>,
): string[] {
  const { workspaceDir: from, hasGitDir } = contents;
  if (from === undefined) return ['--tmpfs', `${WORKSPACE}:rw,exec,nosuid,nodev,size=65536,mode=1777`];
  const masks = (spec.maskedWorkspaceDirs ?? []).map(dir => path.posix.join(WORKSPACE, dir));
  const git = { from: path.join(from, '.git'), to: path.posix.join(WORKSPACE, '.git') };
  return [
    ...bind({ from, to: WORKSPACE }, spec.workspaceAccess === 'read-only' ? 'readonly' : undefined),
    ...(hasGitDir ? bind(git, 'readonly') : []),
    ...masks.flatMap(to => bind({ from: emptyDir, to }, 'readonly')),
  ];
}

function bind({ from, to }: BoxMount, access: 'readonly' | undefined): string[] {
  const fields = ['type=bind', `source=${from}`, `target=${to}`, ...(access === undefined ? [] : [access])];
  return ['--mount', fields.map(field).join(',')];
}

/** Engines read this as a line of comma-separated values. */
function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

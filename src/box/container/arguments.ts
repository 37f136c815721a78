/** Converts a spec into the arguments of `docker run` or `podman run`, none of which is secret. Pure. */
import path from 'node:path';

import { type BoxContents, commandOf, HOME, MODEL_DIR, WORKSPACE } from '../contents.ts';
import type { BoxLimits, BoxMount, BoxSpec } from '../spec.ts';
import { ENVIRONMENT_FILE, STARTED_LINE } from './started-by-shell.ts';
import type { ContainerTier } from './tier.ts';

/** The PID namespace of the runner, to which the process id in the container's name belongs. */
export const NAMESPACE_LABEL = 'signalbox.pid-namespace';

export interface ContainerPlace {
  readonly name: string;
  /** Tell a later runner whether it can identify the owner of this container. */
  readonly labels: Readonly<Record<string, string>>;
  /** `user:group` of the box. */
  readonly user: string;
  /** Host path of the directory that contains the environment until the command has started. */
  readonly startDir: string;
  readonly seccompFile: string;
  /** Host path of an empty directory. */
  readonly emptyDir: string;
  /** Created for this box only. */
  readonly files: readonly BoxMount[];
  readonly contents: Omit<BoxContents, 'overlays'>;
  /** For all processes of the user. Podman's default can be more than the host allows. */
  readonly hostProcessesMax?: number;
}

const START_DIR = '/run/box';

/** Run by `env -i`, so that neither the image nor the engine adds to the command's environment. */
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
  const sameUser = engine.rootless ? ['--userns', 'keep-id'] : [];
  return [
    ...['--user', place.user, '--cap-drop', 'ALL', '--read-only', '--network', 'none'],
    ...['--ipc', 'private', '--cgroupns', 'private', '--hostname', 'box', '--no-healthcheck'],
    ...['--security-opt', 'no-new-privileges', '--security-opt', `seccomp=${place.seccompFile}`],
    ...(engine.name === 'podman' ? [...podman, ...sameUser] : []),
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

/** In any order: an engine mounts shorter paths first. */
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

/** Engines parse the value of `--mount` as a line of comma-separated values. */
function field(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

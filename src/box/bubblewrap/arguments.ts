/** Converts a spec into bubblewrap's arguments. The box sees only what it needs. Pure. */
import path from 'node:path';

import {
  type BoxContents,
  type BoxFile,
  boxFiles,
  type BoxIdentity,
  HOME,
  MODEL_DIR,
  WORKSPACE,
} from '../contents.ts';
import type { BoxLimits, BoxSpec } from '../spec.ts';

/** File descriptors for bubblewrap: its status, its arguments, the system-call filter, and the first of the box's files. */
export const STATUS_FD = 3;
export const ARGS_FD = 4;
export const FILTER_FD = 5;
export const FIRST_FILE_FD = 6;

const BOX_UID = '1000';

/** Host paths of what a spec names. For root, launch.ts replaces them by paths of the stage. */
export interface BoxSources extends BoxContents {
  /** Whether `FILTER_FD` contains a filter. */
  readonly hasFilter: boolean;
  /** Files of this host's `/proc` that appear empty in the box. */
  readonly hiddenProcFiles: readonly string[];
}

/** Arguments for `--args`, which keeps the environment out of process lists. */
export function bubblewrapArgs(spec: BoxSpec, sources: BoxSources): string[] {
  return [
    ...isolation(sources.hasFilter),
    ...environment(spec.env),
    ...systemMounts(),
    ...ownFiles(ownFilesOf(spec)),
    ...scratch(spec.limits),
    ...processView(sources.hiddenProcFiles),
    ...sources.readOnlyMounts.flatMap(mount => ['--ro-bind', mount.from, mount.to]),
    ...(sources.modelDir === undefined ? [] : ['--ro-bind', sources.modelDir, MODEL_DIR]),
    ...workspace(spec, sources),
    ...sources.overlays.flatMap(mount => ['--bind', mount.from, mount.to]),
    // Without it, `/` is a writable file system in memory, half the size of the host's memory.
    ...['--remount-ro', '/', '--chdir', WORKSPACE],
  ];
}

/** The box's user, as seen inside the box. */
const BOX_IDENTITY: BoxIdentity = { uid: BOX_UID, gid: BOX_UID, shell: '/bin/bash' };

/** The files that bubblewrap creates, in the order of their descriptors. */
export function ownFilesOf(spec: BoxSpec): readonly BoxFile[] {
  return boxFiles(spec, BOX_IDENTITY);
}

function isolation(hasFilter: boolean): string[] {
  return [
    ...['--unshare-user', '--disable-userns', '--uid', BOX_UID, '--gid', BOX_UID],
    ...['--unshare-pid', '--unshare-net', '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try'],
    ...['--hostname', 'box', '--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...['--json-status-fd', String(STATUS_FD)],
    ...(hasFilter ? ['--seccomp', String(FILTER_FD)] : []),
  ];
}

function environment(env: Readonly<Record<string, string>>): string[] {
  return ['--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])];
}

/** Programs and the files they need to start; from /etc only files without secrets. */
function systemMounts(): string[] {
  const optional = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/etc/alternatives', '/etc/ld.so.cache'];
  const certificates = [
    '/etc/ssl/certs',
    '/etc/ssl/openssl.cnf',
    '/etc/pki/tls/certs',
    '/etc/ca-certificates',
  ];
  // Debian's Java does not start without its configuration.
  const java = [8, 11, 17, 21, 25].map(version => `/etc/java-${version}-openjdk`);
  const mounts = [...optional, ...certificates, ...java, '/etc/localtime', '/etc/mime.types'];
  return [
    '--perms',
    '0755',
    '--dir',
    '/etc',
    '--ro-bind',
    '/usr',
    '/usr',
    ...mounts.flatMap(dir => ['--ro-bind-try', dir, dir]),
  ];
}

function ownFiles(files: readonly BoxFile[]): string[] {
  return files.flatMap((file, index) => {
    return ['--perms', file.mode, '--file', String(FIRST_FILE_FD + index), file.path];
  });
}

function scratch(limits: BoxLimits): string[] {
  const sized = (dir: string): string[] => ['--size', String(limits.tmpBytesMax), '--tmpfs', dir];
  return [
    ...['--proc', '/proc', '--dev', '/dev', ...sized('/dev/shm'), '--remount-ro', '/dev'],
    ...sized('/tmp'),
    ...sized(HOME),
  ];
}

/**
 * Bubblewrap is the box's first process and runs as the box's user. The filter stops debuggers from attaching to it, and
 * hiding /proc/1 denies access to its memory.
 */
function processView(hiddenProcFiles: readonly string[]): string[] {
  return [
    ...['--perms', '0555', '--size', '4096', '--tmpfs', '/proc/1', '--remount-ro', '/proc/1'],
    ...hiddenProcFiles.flatMap(file => ['--ro-bind', '/dev/null', file]),
  ];
}

function workspace(spec: BoxSpec, sources: BoxSources): string[] {
  if (sources.workspaceDir === undefined) return ['--size', '65536', '--tmpfs', WORKSPACE];
  const bind = spec.workspaceAccess === 'read-only' ? '--ro-bind' : '--bind';
  const git = path.posix.join(WORKSPACE, '.git');
  const masks = (spec.maskedWorkspaceDirs ?? []).map(dir => path.posix.join(WORKSPACE, dir));
  return [
    ...[bind, sources.workspaceDir, WORKSPACE],
    ...(sources.hasGitDir ? ['--ro-bind', path.join(sources.workspaceDir, '.git'), git] : []),
    ...masks.flatMap(dir => ['--size', '4096', '--tmpfs', dir, '--remount-ro', dir]),
  ];
}

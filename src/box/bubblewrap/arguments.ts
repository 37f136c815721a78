/** Turns a spec into what bubblewrap is told: what the box sees, and nothing it does not need. Pure. */
import path from 'node:path';

import type { BoxLimits, BoxMount, BoxSpec } from '../spec.ts';

export const WORKSPACE = '/ws';
export const MODEL_DIR = '/run/model';
export const HOME = '/home/agent';
/** Descriptors given to bubblewrap: its reports, its arguments, the system-call filter, and from here on the files it makes. */
export const STATUS_FD = 3;
export const ARGS_FD = 4;
export const FILTER_FD = 5;
export const FIRST_FILE_FD = 6;

const BOX_UID = '1000';

/** Where the host keeps what a spec names; root shows these under other paths (launch.ts). */
export interface BoxSources {
  readonly workspaceDir?: string;
  readonly hasGitDir: boolean;
  readonly modelDir?: string;
  readonly readOnlyMounts: readonly BoxMount[];
  /** Each already stands over a layer that it does not change. */
  readonly overlays?: readonly BoxMount[];
  /** Whether a filter comes through `FILTER_FD`. */
  readonly hasFilter: boolean;
  /** Files of this host's `/proc` that the box sees empty. */
  readonly hiddenProcFiles: readonly string[];
}

/** Arguments for `--args`, which keeps the environment out of every process list. */
export function bubblewrapArgs(spec: BoxSpec, sources: BoxSources): string[] {
  return [
    ...isolation(sources.hasFilter),
    ...environment(spec.env),
    ...systemMounts(),
    ...ownFiles(boxFiles(spec)),
    ...scratch(spec.limits),
    ...processView(sources.hiddenProcFiles),
    ...sources.readOnlyMounts.flatMap(mount => ['--ro-bind', mount.from, mount.to]),
    ...(sources.modelDir === undefined ? [] : ['--ro-bind', sources.modelDir, MODEL_DIR]),
    ...workspace(spec, sources),
    ...(sources.overlays ?? []).flatMap(mount => ['--bind', mount.from, mount.to]),
    // Without this the root itself is a writable file system of half the host's memory.
    ...['--remount-ro', '/', '--chdir', WORKSPACE],
  ];
}

export interface BoxFile {
  readonly path: string;
  readonly mode: '0644' | '0755';
  readonly content: string | Uint8Array;
}

/** Every file made for the box, in the order of their descriptors. */
export function boxFiles(spec: BoxSpec, who: BoxIdentity = OWN_IDENTITY): readonly BoxFile[] {
  const files = Object.entries({ ...identityFiles(who), ...spec.files });
  const programs = Object.entries(spec.programs ?? {});
  return [
    ...files.map(([file, content]) => ({ path: file, mode: '0644', content }) as const),
    ...programs.map(([file, content]) => ({ path: file, mode: '0755', content }) as const),
  ];
}

/** As whom the box's user finds itself in there. */
export interface BoxIdentity {
  readonly uid: string;
  readonly gid: string;
  readonly shell: string;
}

const OWN_IDENTITY: BoxIdentity = { uid: BOX_UID, gid: BOX_UID, shell: '/bin/bash' };

const identityFiles = ({ uid, gid, shell }: BoxIdentity) => ({
  '/etc/passwd': `agent:x:${uid}:${gid}::${HOME}:${shell}\nnobody:x:65534:65534::/:/bin/false\n`,
  '/etc/group': `agent:x:${gid}:\nnogroup:x:65534:\n`,
  '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n',
  // `.git` belongs to someone else in here, which git would refuse; hooks and monitors of a repository stay off.
  '/etc/gitconfig': `[safe]\n\tdirectory = ${WORKSPACE}\n[core]\n\thooksPath = /dev/null\n\tfsmonitor = false\n`,
});

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

/** Programs and what they need to start; of /etc only what holds no secret. */
function systemMounts(): string[] {
  const optional = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/etc/alternatives', '/etc/ld.so.cache'];
  const certificates = [
    '/etc/ssl/certs',
    '/etc/ssl/openssl.cnf',
    '/etc/pki/tls/certs',
    '/etc/ca-certificates',
  ];
  // Debian's Java does not start without its settings.
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
 * Bubblewrap itself is the box's first process and runs as the box's user. The filter keeps debuggers off it; its memory
 * in /proc would be another door.
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

/** The contents that boxes of every kind share: paths, files, Node, and the relay to the box's only socket. Pure. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { BoxMount, BoxSpec } from './spec.ts';

export const WORKSPACE = '/ws';
export const MODEL_DIR = '/run/model';
export const HOME = '/home/agent';
const RELAY = '/opt/signalbox/relay.mjs';
const NODE_DIR = '/opt/node/bin';
const EGRESS_DIR = '/run/egress';

/** Everything of the host that is visible in a box, by the host's paths. */
export interface BoxContents {
  readonly workspaceDir?: string;
  readonly hasGitDir: boolean;
  readonly modelDir?: string;
  readonly readOnlyMounts: readonly BoxMount[];
  readonly overlays: readonly BoxMount[];
}

export function contentsOf(spec: BoxSpec, node: NodeInBox, hasGitDir: boolean): BoxContents {
  const { modelSocketPath: model, egressSocketPath: egress } = spec;
  const relay = [...node.mounts, { from: insideFile('relay.mjs'), to: RELAY }];
  return {
    hasGitDir,
    readOnlyMounts: [
      ...(model === undefined && egress === undefined ? [] : relay),
      ...(egress === undefined ? [] : [{ from: path.dirname(egress), to: EGRESS_DIR }]),
      ...spec.readOnlyMounts,
    ],
    overlays: spec.overlays ?? [],
    ...(spec.workspaceDir !== undefined ? { workspaceDir: spec.workspaceDir } : {}),
    ...(model !== undefined ? { modelDir: path.dirname(model) } : {}),
  };
}

/** The command. In a box with a socket to the outside, the relay starts it. */
export function commandOf(spec: BoxSpec, node: NodeInBox): readonly string[] {
  const command = [spec.command, ...spec.args];
  const { modelSocketPath: model, egressSocketPath: egress } = spec;
  const socket = model === undefined ? egress : model;
  const dir = model === undefined ? EGRESS_DIR : MODEL_DIR;
  if (socket === undefined) return command;
  return [node.path, RELAY, `${dir}/${path.basename(socket)}`, '--', ...command];
}

export interface NodeInBox {
  readonly path: string;
  readonly mounts: readonly BoxMount[];
}

/** The runner's Node: its own path if it is below /usr, otherwise a mount. */
export function ownNode(): NodeInBox {
  const node = process.execPath;
  if (node.startsWith('/usr/')) return { path: node, mounts: [] };
  return { path: `${NODE_DIR}/node`, mounts: [{ from: node, to: `${NODE_DIR}/node` }] };
}

/** Path of a Signalbox program that runs in boxes. */
export function insideFile(name: string): string {
  return fileURLToPath(new URL(`./inside/${name}`, import.meta.url));
}

export interface BoxFile {
  readonly path: string;
  readonly mode: '0644' | '0755';
  readonly content: string | Uint8Array;
}

/** The box's user, as seen inside the box. */
export interface BoxIdentity {
  readonly uid: string;
  readonly gid: string;
  readonly shell: string;
}

/** Every file that is created for the box, always in the same order. */
export function boxFiles(spec: BoxSpec, identity: BoxIdentity): readonly BoxFile[] {
  const files = Object.entries({ ...identityFiles(identity), ...spec.files });
  const programs = Object.entries(spec.programs ?? {});
  return [
    ...files.map(([file, content]) => ({ path: file, mode: '0644', content }) as const),
    ...programs.map(([file, content]) => ({ path: file, mode: '0755', content }) as const),
  ];
}

const identityFiles = ({ uid, gid, shell }: BoxIdentity) => ({
  '/etc/passwd': `agent:x:${uid}:${gid}::${HOME}:${shell}\nnobody:x:65534:65534::/:/bin/false\n`,
  '/etc/group': `agent:x:${gid}:\nnogroup:x:65534:\n`,
  '/etc/hosts': '127.0.0.1 localhost\n::1 localhost\n',
  // `.git` has another owner in the box, which git would refuse. Hooks and fsmonitor of a repository stay off.
  '/etc/gitconfig': `[safe]\n\tdirectory = ${WORKSPACE}\n[core]\n\thooksPath = /dev/null\n\tfsmonitor = false\n`,
});

/** What every box shows, whatever it is made with: paths, files, Node, the relay to the one way out. Pure. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { BoxMount, BoxSpec } from './spec.ts';

export const WORKSPACE = '/ws';
export const MODEL_DIR = '/run/model';
export const HOME = '/home/agent';
const RELAY = '/opt/signalbox/relay.mjs';
const NODE_DIR = '/opt/node/bin';
const EGRESS_DIR = '/run/egress';

/** Everything that a box is shown of the host, by the host's paths. */
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

/** The command, behind the relay where the box has a way out. */
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

/** The runner's own Node: below /usr, or where a mount puts it. */
export function ownNode(): NodeInBox {
  const node = process.execPath;
  if (node.startsWith('/usr/')) return { path: node, mounts: [] };
  return { path: `${NODE_DIR}/node`, mounts: [{ from: node, to: `${NODE_DIR}/node` }] };
}

/** A program of ours that runs in boxes. */
export function insideFile(name: string): string {
  return fileURLToPath(new URL(`./inside/${name}`, import.meta.url));
}

export interface BoxFile {
  readonly path: string;
  readonly mode: '0644' | '0755';
  readonly content: string | Uint8Array;
}

/** As whom the box's user finds itself in there. */
export interface BoxIdentity {
  readonly uid: string;
  readonly gid: string;
  readonly shell: string;
}

/** Every file made for the box, always in the same order. */
export function boxFiles(spec: BoxSpec, who: BoxIdentity): readonly BoxFile[] {
  const files = Object.entries({ ...identityFiles(who), ...spec.files });
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
  // `.git` belongs to someone else in here, which git would refuse; hooks and monitors of a repository stay off.
  '/etc/gitconfig': `[safe]\n\tdirectory = ${WORKSPACE}\n[core]\n\thooksPath = /dev/null\n\tfsmonitor = false\n`,
});

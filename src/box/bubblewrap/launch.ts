/** The chain of programs that ends in bubblewrap; each replaces the one before, so they are one process. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { ARGS_FD, MODEL_DIR, type BoxSources } from './arguments.ts';
import type { ProcessLimit } from '../process-limit.ts';
import { shellProgram } from '../shell-program.ts';
import type { BoxLimits, BoxMount, BoxSpec } from '../spec.ts';
import type { BoxTier } from '../tier.ts';

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly sources: BoxSources;
}

export interface LaunchHost {
  readonly bubblewrapPath: string;
  /** Root drops to this user id; absent for an ordinary user. */
  readonly boxUid?: number;
  readonly controlGroupFiles: readonly string[];
  readonly processLimit: ProcessLimit;
  /** What of the sources only a look at the host can tell. */
  readonly found: HostFindings;
}

export type HostFindings = Pick<BoxSources, 'hasGitDir' | 'hasFilter' | 'hiddenProcFiles'>;

export const RELAY = '/opt/signalbox/relay.mjs';
const NODE_DIR = '/opt/node/bin';
const EGRESS_DIR = '/run/egress';

export function insideFile(name: string): string {
  return fileURLToPath(new URL(`../inside/${name}`, import.meta.url));
}

export interface NodeInBox {
  readonly path: string;
  readonly mounts: readonly BoxMount[];
}

/** An image brings its own Node. Else it is the runner's: below /usr, or where a mount puts it. */
export function nodeInBox(tier: BoxTier): NodeInBox {
  if (tier.name === 'container') return { path: tier.image.node, mounts: [] };
  return ownNode();
}

function ownNode(): NodeInBox {
  const node = process.execPath;
  if (node.startsWith('/usr/')) return { path: node, mounts: [] };
  return { path: `${NODE_DIR}/node`, mounts: [{ from: node, to: `${NODE_DIR}/node` }] };
}

export function launchOf(spec: BoxSpec, host: LaunchHost): Launch {
  const sources = sourcesOf(spec, ownNode(), host.found);
  if (host.boxUid === undefined) {
    const box = [...limited(spec.limits, host.processLimit), host.bubblewrapPath, ...inner(spec, host)];
    return { file: box[0] ?? '', args: box.slice(1), sources };
  }
  const stage = stageOf(host.bubblewrapPath, sources);
  const uid = String(host.boxUid);
  const drop = ['setpriv', '--reuid', uid, '--regid', uid, '--clear-groups', '--inh-caps=-all', '--'];
  const box = [
    ...[...drop, ...limited(spec.limits, host.processLimit)],
    ...[stage.bubblewrapPath, ...inner(spec, host)],
  ];
  const groups = host.controlGroupFiles;
  const listed = (list: readonly string[]): string[] => [String(list.length), ...list];
  const upper = [String(spec.limits.workspaceBytesMax), String(spec.limits.workspaceFilesMax)];
  const words = [...listed(groups), ...listed(stage.paths), ...upper, ...listed(stage.lowers), ...box];
  const script = ['sh', '-c', shellProgram(new URL('stage.sh', import.meta.url)), 'box', STAGE_DIR, ...words];
  return {
    file: 'unshare',
    args: ['--mount', '--propagation', 'private', '--', ...script],
    sources: stage.sources,
  };
}

function inner(spec: BoxSpec, { processLimit }: LaunchHost): string[] {
  return ['--args', String(ARGS_FD), '--', ...processLimit.inside, ...commandOf(spec, ownNode())];
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

/** Everything that the box is shown of the host. */
export function sourcesOf<Found>(
  spec: BoxSpec,
  node: NodeInBox,
  found: Found,
): Omit<BoxSources, keyof HostFindings> & Found {
  const { modelSocketPath: model, egressSocketPath: egress } = spec;
  const relay = [...node.mounts, { from: insideFile('relay.mjs'), to: RELAY }];
  return {
    ...found,
    readOnlyMounts: [
      ...(model === undefined && egress === undefined ? [] : relay),
      ...(egress === undefined ? [] : [{ from: path.dirname(egress), to: EGRESS_DIR }]),
      ...spec.readOnlyMounts,
    ],
    overlays: spec.overlays ?? [],
    ...(spec.workspaceDir !== undefined && { workspaceDir: spec.workspaceDir }),
    ...(spec.modelSocketPath !== undefined && { modelDir: path.dirname(spec.modelSocketPath) }),
  };
}

/** Address space is left alone: WebAssembly reserves far more than it uses. */
export function limited(limits: BoxLimits, { outside }: ProcessLimit): string[] {
  const { memoryBytesMax, fileBytesMax } = limits;
  const options = [`--data=${memoryBytesMax}`, `--fsize=${fileBytesMax}`, '--nofile=4096', '--core=0'];
  return [...outside, 'prlimit', ...options, '--'];
}

const STAGE_DIR = '/run/signalbox-box-stage';

interface Stage {
  readonly paths: readonly string[];
  /** Of the overlays, in the order of their numbers. */
  readonly lowers: readonly string[];
  readonly bubblewrapPath: string;
  readonly sources: BoxSources;
}

function stageOf(bubblewrapPath: string, sources: BoxSources): Stage {
  const paths: string[] = [];
  const overlays = sources.overlays ?? [];
  const staged = (source: string): string => `${STAGE_DIR}/${paths.push(source) - 1}`;
  return {
    paths,
    lowers: overlays.map(mount => mount.from),
    bubblewrapPath: staged(bubblewrapPath),
    sources: {
      ...sources,
      readOnlyMounts: sources.readOnlyMounts.map(mount => ({ from: staged(mount.from), to: mount.to })),
      overlays: overlays.map(({ to }, index) => ({ from: `${STAGE_DIR}/overlay-${index}`, to })),
      ...(sources.workspaceDir !== undefined && { workspaceDir: staged(sources.workspaceDir) }),
      ...(sources.modelDir !== undefined && { modelDir: staged(sources.modelDir) }),
    },
  };
}

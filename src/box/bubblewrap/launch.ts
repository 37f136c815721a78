/** The chain of programs that ends in bubblewrap. Each one calls exec for the next, so they are one process. */
import { commandOf, contentsOf, ownNode } from '../contents.ts';
import type { ProcessLimit } from '../process-limit.ts';
import { shellProgram } from '../shell-program.ts';
import type { BoxLimits, BoxSpec } from '../spec.ts';
import { ARGS_FD, type BoxSources } from './arguments.ts';

export interface Launch {
  readonly file: string;
  readonly args: readonly string[];
  readonly sources: BoxSources;
}

export interface LaunchHost {
  readonly bubblewrapPath: string;
  /** Root changes to this user id; absent for an ordinary user. */
  readonly boxUid?: number;
  readonly controlGroupFiles: readonly string[];
  readonly processLimit: ProcessLimit;
  /** The part of the sources that depends on the host. */
  readonly found: HostFindings;
}

export type HostFindings = Pick<BoxSources, 'hasGitDir' | 'hasFilter' | 'hiddenProcFiles'>;

export function launchOf(spec: BoxSpec, host: LaunchHost): Launch {
  const sources = { ...contentsOf(spec, ownNode(), host.found.hasGitDir), ...host.found };
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

/** Sets no limit on address space, since WebAssembly reserves far more than it uses. */
function limited(limits: BoxLimits, { outside }: ProcessLimit): string[] {
  const { memoryBytesMax, fileBytesMax } = limits;
  const options = [`--data=${memoryBytesMax}`, `--fsize=${fileBytesMax}`, '--nofile=4096', '--core=0'];
  return [...outside, 'prlimit', ...options, '--'];
}

const STAGE_DIR = '/run/signalbox-box-stage';

interface Stage {
  readonly paths: readonly string[];
  /** Lower directories of the overlays, in order. */
  readonly lowers: readonly string[];
  readonly bubblewrapPath: string;
  readonly sources: BoxSources;
}

function stageOf(bubblewrapPath: string, sources: BoxSources): Stage {
  const paths: string[] = [];
  const { overlays } = sources;
  const staged = (source: string): string => `${STAGE_DIR}/${paths.push(source) - 1}`;
  return {
    paths,
    lowers: overlays.map(mount => mount.from),
    bubblewrapPath: staged(bubblewrapPath),
    sources: {
      ...sources,
      readOnlyMounts: sources.readOnlyMounts.map(mount => ({ from: staged(mount.from), to: mount.to })),
      overlays: overlays.map(({ to }, index) => ({ from: `${STAGE_DIR}/overlay-${index}`, to })),
      ...(sources.workspaceDir !== undefined ? { workspaceDir: staged(sources.workspaceDir) } : {}),
      ...(sources.modelDir !== undefined ? { modelDir: staged(sources.modelDir) } : {}),
    },
  };
}

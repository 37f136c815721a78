/** Starts one run in a new container, and a guard that removes the container if this process dies. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';

import { type BoxIdentity, contentsOf } from '../contents.ts';
import { hasGitDir } from '../git-dir.ts';
import { give } from '../give.ts';
import { startGuard } from '../guard.ts';
import type { OnHolder } from '../kind.ts';
import { shellProgram } from '../shell-program.ts';
import type { BoxSpec } from '../spec.ts';
import type { StartedBox } from '../started-box.ts';
import { afterLine } from './after-line.ts';
import { containerArguments } from './arguments.ts';
import { nextName } from './names.ts';
import { containerProcess } from './process.ts';
import { makeScratchFiles, type ScratchFiles } from './scratch-files.ts';
import { STARTED_LINE } from './started-by-shell.ts';
import type { ContainerTier } from './tier.ts';

export async function startContainer(
  spec: BoxSpec,
  tier: ContainerTier,
  onHolder: OnHolder = () => undefined,
): Promise<StartedBox> {
  const { engine } = tier;
  const { name, args, scratch } = await prepareContainer(spec, tier);
  const child = spawn(engine.path, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...engine.environment },
    // Podman's monitor writes a file into its current directory when memory runs out.
    cwd: scratch.dir,
    // A separate process group, so that Ctrl-C reaches only the runner.
    detached: true,
  });
  const { environment } = engine;
  const script = shellProgram(new URL('guard.sh', import.meta.url));
  const guarded = [engine.path, name, scratch.dir];
  const guard = startGuard({ script, args: guarded, dir: scratch.dir, environment });
  if (guard.pid !== undefined) onHolder(guard.pid);
  give(child.stdin, spec.stdin);
  const stderr = afterLine(child.stderr, STARTED_LINE);
  void stderr.started.then(() => scratch.forgetEnvironment());
  const box = containerProcess({ child, engine, name, stderr });
  return {
    output: { stdout: child.stdout, stderr: stderr.rest },
    process: box,
    lastResort: { file: '/bin/sh', args: ['-c', script, 'guard', ...guarded], environment },
    memoryKills: () => Promise.resolve(box.memoryKills()),
    clear: async () => {
      guard.dismiss();
      await scratch.remove();
    },
  };
}

export interface PreparedContainer {
  readonly name: string;
  /** Arguments of the engine's command. */
  readonly args: readonly string[];
  readonly scratch: ScratchFiles;
}

export async function prepareContainer(spec: BoxSpec, tier: ContainerTier): Promise<PreparedContainer> {
  const naming = await nextName();
  const identity = identityOf(tier);
  const hasGit = await hasGitDir(spec.workspaceDir);
  const scratch = await makeScratchFiles({
    ...{ spec, identity, architecture: process.arch === 'arm64' ? 'arm64' : 'x64', prefix: naming.dirPrefix },
    ...(tier.boxUid !== undefined ? { owner: tier.boxUid } : {}),
  });
  const args = containerArguments(spec, tier, {
    ...naming,
    ...scratch,
    user: `${identity.uid}:${identity.gid}`,
    contents: contentsOf(spec, { path: tier.image.node, mounts: [] }, hasGit),
    ...(tier.engine.name === 'podman' ? await hostProcessesMax() : {}),
  });
  return { name: naming.name, args, scratch };
}

function identityOf({ boxUid, image }: ContainerTier): BoxIdentity {
  const uid = String(boxUid ?? process.getuid?.() ?? 0);
  const gid = String(boxUid ?? process.getgid?.() ?? 0);
  return { uid, gid, shell: image.shell };
}

/**
 * Podman's default process limit can exceed the hard limit of this process, which the host refuses without
 * CAP_SYS_RESOURCE. The effective limit is that of the control group.
 */
async function hostProcessesMax(): Promise<{ readonly hostProcessesMax?: number }> {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const hard = /^Max processes\s+\S+\s+(\d+)/m.exec(limits)?.[1];
  return { hostProcessesMax: Math.min(Number(hard ?? PROCESSES_MAX), PROCESSES_MAX) };
}

const PROCESSES_MAX = 32_000;

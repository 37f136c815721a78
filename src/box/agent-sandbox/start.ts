/** Starts one run in the sandbox that Codex brings, and a guard that ends it should this process die. */
import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';

import { afterLine } from '../after-line.ts';
import { nextBoxName } from '../box-name.ts';
import { WORKSPACE } from '../bubblewrap/arguments.ts';
import { give } from '../give.ts';
import { startGuard } from '../guard.ts';
import { insideFile, limited, nodeInBox, RELAY } from '../bubblewrap/launch.ts';
import { processLimit, type ProcessLimit } from '../process-limit.ts';
import type { BoxMount, BoxSpec } from '../spec.ts';
import type { StartedBox } from '../started-box.ts';
import { ENVIRONMENT_FILE, STARTED_LINE } from '../started-by-shell.ts';
import type { AgentSandboxTier } from '../tier.ts';
import { furnishSandbox, LAYOUT_FILE, type SandboxFurniture } from './furniture.ts';
import { sandboxProcess } from './process.ts';
import { markOf } from './processes.ts';
import { PROFILE } from './profile.ts';
import { openTunnel } from './tunnel.ts';

export async function startAgentSandbox(spec: BoxSpec, tier: AgentSandboxTier): Promise<StartedBox> {
  const { words, environment, furniture } = await prepareSandbox(spec, tier);
  const { dir, workspaceDir: cwd } = furniture;
  const socketPath = socketOf(spec);
  const [file = '', ...args] = words;
  const child = spawn(file, args, {
    stdio: ['pipe', 'pipe', 'pipe', ...(socketPath === undefined ? [] : ['pipe' as const])],
    env: environment,
    cwd,
    // Away from the terminal's group: Ctrl-C must reach the runner alone.
    detached: true,
  });
  const pipe = child.stdio[TUNNEL_FD] as Duplex | null | undefined;
  const closeTunnel = socketPath === undefined || !pipe ? () => undefined : openTunnel(pipe, socketPath);
  const guard = startGuard({
    ...{ script: GUARD_SCRIPT, args: [] },
    environment: { PATH: PATH_OF_CODEX, BOX_MARK: markOf(dir) },
  });
  give(child.stdin, spec.stdin);
  const stderr = afterLine(child.stderr, STARTED_LINE);
  void stderr.started.then(() => furniture.forgetEnvironment());
  return {
    output: { stdout: child.stdout, stderr: stderr.rest },
    process: sandboxProcess({ child, dir, stderr, closeTunnel }),
    ...(child.pid !== undefined && { memoryUnboundPid: child.pid }),
    memoryKills: () => Promise.resolve(undefined),
    clear: async () => {
      guard.dismiss();
      await furniture.remove();
    },
  };
}

export interface PreparedSandbox {
  readonly words: readonly string[];
  /** Of Codex alone; the command's comes from a file. */
  readonly environment: Readonly<Record<string, string>>;
  readonly furniture: SandboxFurniture;
}

export async function prepareSandbox(spec: BoxSpec, tier: AgentSandboxTier): Promise<PreparedSandbox> {
  const { dirPrefix } = await nextBoxName();
  const { vendorDir } = tier.codex;
  const furniture = await furnishSandbox({ spec, mounts: mountsOf(spec, tier), vendorDir, dirPrefix });
  const { codexHome } = furniture;
  const limit = await processLimit(spec.limits.processesMax, process.getuid?.() ?? 0);
  return {
    words: [...limited(spec.limits, limit), ...sandboxWords(spec, tier, { ...furniture, limit })],
    environment: { PATH: PATH_OF_CODEX, HOME: codexHome, CODEX_HOME: codexHome, TMPDIR: `${codexHome}/tmp` },
    furniture,
  };
}

const PATH_OF_CODEX = '/usr/sbin:/usr/bin:/sbin:/bin';
/** A descriptor that the box inherits; see tunnel.ts. */
const TUNNEL_FD = 3;

/** `env -i` first: what Codex sets for the command's use of its proxy is no business of the command. */
const START_SCRIPT = `. "$1/${LAYOUT_FILE}" && . "$1/${ENVIRONMENT_FILE}" && shift && cd ${WORKSPACE} && unset OLDPWD && echo '${STARTED_LINE}' >&2 && exec "$@"`;

/**
 * The command is started in a user namespace of its own, in which nobody can make another. So it has no rights over what
 * was there before it: not the first process, whose memory holds the words by which the box is found, nor the relay.
 * And no file system of its own making, which no watch would count.
 */
const APART_SCRIPT = `exec unshare --user --map-current-user --keep-caps -- /bin/sh -c '
echo 0 > /proc/sys/user/max_user_namespaces || exit 126
exec setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"' box "$@"`;

function sandboxWords(
  spec: BoxSpec,
  tier: AgentSandboxTier,
  { workspaceDir, startDir, limit }: SandboxFurniture & { readonly limit: ProcessLimit },
): readonly string[] {
  const command = [spec.command, ...spec.args];
  const relay = [nodeInBox(tier).path, RELAY, `fd:${TUNNEL_FD}`, '--'];
  return [
    ...[tier.codex.hostPath, 'sandbox', '-P', PROFILE, '-C', workspaceDir, '--'],
    ...['/usr/bin/env', '-i', '/bin/sh', '-c', START_SCRIPT, 'box', startDir, ...limit.inside],
    ...(socketOf(spec) === undefined ? [] : relay),
    ...['/bin/sh', '-c', APART_SCRIPT, 'box', ...command],
  ];
}

function socketOf({ modelSocketPath, egressSocketPath }: BoxSpec): string | undefined {
  return modelSocketPath ?? egressSocketPath;
}

function mountsOf(spec: BoxSpec, tier: AgentSandboxTier): readonly BoxMount[] {
  if (socketOf(spec) === undefined) return spec.readOnlyMounts;
  const relay = [...nodeInBox(tier).mounts, { from: insideFile('relay.mjs'), to: RELAY }];
  return [...relay, ...spec.readOnlyMounts];
}

/**
 * A sandbox of Codex's does not die with who started it. No command line of the guard shows the words by which the
 * processes are known, or it would find itself. What grep ends with is no answer: a process that has just gone is an
 * error to it. If they do not die, the directory stays, so that the next runner finds them.
 */
const GUARD_SCRIPT = `left=100
while found=$(printf %s "$BOX_MARK" | grep -lsFf - /proc/[0-9]*/cmdline); [ -n "$found" ]; do
  [ "$left" -gt 0 ] || exit 1
  for file in $found; do pid=\${file#/proc/}; kill -9 "\${pid%/*}" 2> /dev/null; done
  left=$((left - 1)); sleep 0.1
done
rm -rf -- "\${BOX_MARK%/*}"`;

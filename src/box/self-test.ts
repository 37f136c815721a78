/** Tests the box on this host: starts a real box and tries to reach real targets outside it. */
import { stat } from 'node:fs/promises';
import path from 'node:path';

import { processIdentity } from '../host/process-identity.ts';
import { nodeInBox } from './about-box.ts';
import { insideFile } from './contents.ts';
import { openTargets, type ProbeTargets } from './probe-targets.ts';
import { runInBox } from './run.ts';
import type { Architecture } from './seccomp/call.ts';
import { callProbes } from './seccomp/call-probes.ts';
import { callProgram } from './seccomp/call-program.ts';
import { shellProgram } from './shell-program.ts';
import { defaultLimits, type BoxSpec } from './spec.ts';
import type { BoxTier } from './tier.ts';

export interface ProbeResult {
  readonly probe: string;
  readonly denied: boolean;
  /** The target that was reached; empty when denied. */
  readonly detail: string;
  /** Why this kind of box is not expected to deny it. */
  readonly gap?: string;
}

/** Probes that reached their target although this kind of box should deny it. */
export function failedProbes(results: readonly ProbeResult[]): readonly ProbeResult[] {
  return results.filter(({ denied, gap }) => !denied && gap === undefined);
}

/** Takes about 0.2 seconds, in a container one or two. If the box does not run, the result is one failed probe, `box`. */
export async function selfTest(tier: BoxTier): Promise<readonly ProbeResult[]> {
  const targets = await openTargets(tier);
  try {
    return await probe(tier, targets);
  } finally {
    await targets.close();
  }
}

const PROBES = '/opt/signalbox/probes.mjs';
const CALLS = '/opt/signalbox/calls';
const WITNESS = 'written-in-the-box';
const START = shellProgram(new URL('inside/start-probes.sh', import.meta.url));

export function probeSpec(tier: BoxTier, targets: ProbeTargets): BoxSpec {
  // On other architectures there is no filter, which the probe `system-call-filter` reports.
  const architecture: Architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
  const calls = callProbes(architecture);
  const probeInput = JSON.stringify({
    ...targets,
    hostProcess: processIdentity(process.pid),
    environment: ['PATH', 'PWD', 'SHLVL', '_'],
    calls: { program: CALLS, refusals: calls.map(({ name, refusal }) => [name, refusal]) },
  });
  const node = nodeInBox(tier);
  return {
    command: 'sh',
    args: ['-c', START, 'probe', WITNESS, node.path, PROBES, probeInput],
    env: { PATH: '/usr/local/bin:/usr/bin:/bin' },
    workspaceDir: targets.workspaceDir,
    readOnlyMounts: [...node.mounts, { from: insideFile('probes.mjs'), to: PROBES }],
    programs: { [CALLS]: callProgram(architecture, calls) },
    stdin: '',
    limits: { ...defaultLimits, wallClockMs: 15_000, processesMax: 64 },
  };
}

async function probe(tier: BoxTier, targets: ProbeTargets): Promise<readonly ProbeResult[]> {
  const lines: string[] = [];
  const result = await runInBox(probeSpec(tier, targets), { tier, onStdoutLine: line => lines.push(line) });
  const ran = result.ending === 'exited' && result.exitCode === 0;
  if (!ran)
    return [
      {
        probe: 'box',
        denied: false,
        detail: `${result.ending}: ${(result.problem ?? result.stderrTail).trim()}`,
      },
    ];
  const reached = Object.entries(JSON.parse(lines.join('\n')) as Record<string, string>);
  return [
    ...reached.map(([name, detail]) => ({
      probe: name,
      denied: detail === '',
      detail,
      ...gapOf(tier, name),
    })),
    await ownUid(tier, targets),
  ];
}

function gapOf({ gaps }: BoxTier, probe: string): Pick<ProbeResult, 'gap'> {
  const gap = gaps.find(({ name }) => name === probe)?.why;
  return gap === undefined ? {} : { gap };
}

/** Checks the owner of a file that the box wrote. Only the host sees the real user id. */
async function ownUid(tier: BoxTier, targets: ProbeTargets): Promise<ProbeResult> {
  const witness = await stat(path.join(targets.workspaceDir, WITNESS)).catch(() => undefined);
  const expected = tier.boxUid ?? process.getuid?.();
  const denied = witness !== undefined && witness.uid === expected;
  const found =
    witness === undefined ? 'the box sees another workspace than the runner' : `user id ${witness.uid}`;
  return { probe: 'own-uid', denied, detail: denied ? '' : found };
}

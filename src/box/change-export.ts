/** Exports an agent's change from its workspace. A second, read-only box does it, in which no program of the agent runs. */
import { stat } from 'node:fs/promises';

import {
  defaultManifestLimits,
  manifestBytesMax,
  type ManifestLimits,
  type ManifestProblem,
} from '../contracts/change-manifest.ts';
import { nodeInBox } from './about-box.ts';
import { insideFile } from './contents.ts';
import type { OnHolder } from './kind.ts';
import { runInBox } from './run.ts';
import { defaultLimits, type BoxSpec } from './spec.ts';
import type { BoxTier } from './tier.ts';

export interface ExportInput {
  readonly tier: BoxTier;
  /** Contains the byte-exact checkout and its `.git`, which the agent could not write. */
  readonly workspaceDir: string;
  readonly baseCommit: string;
  /** Paths in the workspace that come from a set-up's layer. */
  readonly layerPlaces?: readonly string[];
  readonly limits?: ManifestLimits;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly onHolder?: OnHolder | undefined;
}

/** The manifest is untrusted, since its writer read hostile files: parse it with `parseManifest`. */
export async function exportChange(
  input: ExportInput,
): Promise<{ readonly manifest: Buffer } | ManifestProblem> {
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/.test(input.baseCommit))
    return { problem: 'the base is not a commit id' };
  const { mode } = await stat(input.workspaceDir);
  if ((mode & OWNER_MAY_ENTER) !== OWNER_MAY_ENTER)
    return { problem: 'cannot export the change: the agent took away the right to enter its workspace' };
  const chunks: Buffer[] = [];
  const result = await runInBox(exportSpec(input), {
    tier: input.tier,
    onStdoutChunk: chunk => chunks.push(chunk),
    ...(input.signal ? { signal: input.signal } : {}),
    onHolder: input.onHolder,
  });
  if (result.ending === 'exited' && result.exitCode === 0) return { manifest: Buffer.concat(chunks) };
  const reason = (result.problem ?? result.stderrTail).trim().split('\n').at(-1) ?? '';
  return { problem: `cannot export the change: ${reason === '' ? result.ending : reason}` };
}

const EXPORTER = '/opt/signalbox/export-change.mjs';
const TIMEOUT_MS = 120_000;
const OWNER_MAY_ENTER = 0o500;

/** The box of the exporter. Its workspace is read-only, and no file of the workspace is executed. */
export function exportSpec(input: ExportInput): BoxSpec {
  const limits = input.limits ?? defaultManifestLimits;
  const node = nodeInBox(input.tier);
  return {
    command: node.path,
    args: [EXPORTER, input.baseCommit],
    env: {
      PATH: '/usr/local/bin:/usr/bin:/bin',
      HOME: '/tmp',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_ALLOW_PROTOCOL: '',
    },
    workspaceDir: input.workspaceDir,
    workspaceAccess: 'read-only',
    readOnlyMounts: [...node.mounts, { from: insideFile('export-change.mjs'), to: EXPORTER }],
    // No argument may be as long as the places of a layer can be.
    stdin: JSON.stringify({
      ...limits,
      entriesMax: defaultLimits.workspaceFilesMax,
      layerPlaces: input.layerPlaces ?? [],
    }),
    limits: {
      ...defaultLimits,
      wallClockMs: input.timeoutMs ?? TIMEOUT_MS,
      processesMax: 64,
      outputBytesMax: manifestBytesMax(limits),
      killGraceMs: 0,
    },
  };
}

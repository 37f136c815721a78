/** Is the agent there, and is it the one that was tried? Each problem comes with the line that mends it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isExecutable } from '../host/executable.ts';
import { findCodex, type CodexBinary } from './codex/binary.ts';

export type AgentCheck =
  | { readonly ok: true; readonly found: string }
  | { readonly ok: false; readonly problem: string; readonly mend: string };

const versionTimeoutMs = 10_000;

/** Codex is installed for this platform, starts, and has the version that the flags were tried with. */
export async function checkCodex(binary: CodexBinary | undefined = findCodex()): Promise<AgentCheck> {
  if (binary === undefined) {
    return {
      ok: false,
      problem: `no Codex binary for ${process.platform}-${process.arch}`,
      mend: 'npm install --include=optional @openai/codex (Linux and macOS, x64 and arm64), or choose the command agent',
    };
  }
  try {
    const { stdout } = await promisify(execFile)(binary.hostPath, ['--version'], {
      timeout: versionTimeoutMs,
      env: { PATH: '/usr/bin:/bin' },
    });
    const version = stdout.trim().split(' ').at(-1) ?? '';
    if (version === binary.version) return { ok: true, found: `codex ${version}` };
    return {
      ok: false,
      problem: `Codex says it is ${version}, its package says ${binary.version}`,
      mend: 'npm ci',
    };
  } catch {
    return {
      ok: false,
      problem: `Codex does not start: ${binary.hostPath}`,
      mend: 'npm ci, and check that the file system allows programs to run',
    };
  }
}

/** The executable of a command agent exists on this host and may be run. */
export function checkCommand(hostPath: string): AgentCheck {
  if (isExecutable(hostPath)) return { ok: true, found: hostPath };
  return {
    ok: false,
    problem: `the agent command cannot be run: ${hostPath}`,
    mend: `chmod +x ${hostPath}, or correct the agent's command in the policy`,
  };
}

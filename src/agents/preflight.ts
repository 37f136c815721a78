/** Checks that the agent is installed and, for Codex, that it is the tested version. Each problem has a fix. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { isExecutable } from '../host/executable.ts';
import { findCodex, type CodexBinary } from './codex/binary.ts';

export type AgentCheck =
  | { readonly ok: true; readonly found: string }
  | { readonly ok: false; readonly what: string; readonly fix: string };

const VERSION_TIMEOUT_MS = 10_000;

/** Checks that Codex is installed for this platform, starts, and has the version that the flags were tested with. */
export async function checkCodex(binary: CodexBinary | undefined = findCodex()): Promise<AgentCheck> {
  if (binary === undefined) {
    return {
      ok: false,
      what: `no Codex binary for ${process.platform}-${process.arch}`,
      fix: 'npm install --include=optional @openai/codex (Linux and macOS, x64 and arm64), or choose the command agent',
    };
  }
  try {
    const { stdout } = await promisify(execFile)(binary.hostPath, ['--version'], {
      timeout: VERSION_TIMEOUT_MS,
      env: { PATH: '/usr/bin:/bin' },
    });
    const version = stdout.trim().split(' ').at(-1) ?? '';
    if (version === binary.version) return { ok: true, found: `codex ${version}` };
    return {
      ok: false,
      what: `Codex reports version ${version}, but its package is version ${binary.version}`,
      fix: 'npm ci',
    };
  } catch {
    return {
      ok: false,
      what: `Codex does not start: ${binary.hostPath}`,
      fix: 'npm ci, and check that the file system is not mounted noexec',
    };
  }
}

/** Checks that a command agent's file exists on this host and is executable. */
export function checkCommand(hostPath: string): AgentCheck {
  if (isExecutable(hostPath)) return { ok: true, found: hostPath };
  return {
    ok: false,
    what: `the agent command does not exist or is not executable: ${hostPath}`,
    fix: `chmod +x ${hostPath}, or correct the command`,
  };
}

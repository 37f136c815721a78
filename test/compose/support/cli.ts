/** The CLI on the host, with the settings that the stack prints for it. */
import path from 'node:path';
import { execa } from 'execa';
import { root } from '../../../scripts/support/root.mjs';
import type { IssueView } from '../../../src/domain/view.ts';
import { compose } from './stack.ts';

const TIMEOUT_MS = 60_000;
export const ISSUE = 'acme/profile-card#1';

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface HostCli {
  readonly settings: Readonly<Record<string, string>>;
  readonly run: (...args: readonly string[]) => Promise<Ran>;
  readonly view: () => Promise<IssueView | undefined>;
}

export async function hostCli(): Promise<HostCli> {
  const settings = settingsIn(await compose('--profile', 'cli', 'run', '--rm', '-T', 'demo-cli-settings'));
  const run = async (...args: readonly string[]): Promise<Ran> => {
    const { exitCode, stdout, stderr } = await execa(
      process.execPath,
      [path.join(root, 'bin/signalbox.js'), ...args],
      {
        // Neither settings of this machine nor a file of this checkout.
        env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...settings },
        extendEnv: false,
        cwd: '/',
        timeout: TIMEOUT_MS,
        stdin: 'ignore',
        reject: false,
      },
    );
    return { code: exitCode ?? -1, stdout, stderr };
  };
  const view = async (): Promise<IssueView | undefined> => {
    const { code, stdout } = await run('show', ISSUE, '--json');
    return code === 0 ? (JSON.parse(stdout) as { readonly view: IssueView }).view : undefined;
  };
  return { settings, run, view };
}

/** Lines of a shell: `export NAME=value`. */
function settingsIn(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

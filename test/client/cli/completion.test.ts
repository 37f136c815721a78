/** Completion scripts, generated from the commands; the one for bash runs in a real bash. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { cli } from './support/cli.ts';

const worker = () => new Command('worker').description("it's a worker").addCommand(new Command('runner'));
const extra = { worker: () => Promise.resolve(worker) };

/** What bash offers after these words, of which the last is incomplete. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout } = await cli(['completion', 'bash'], { extraCommands: extra });
  expect(code).toBe(0);
  const script = `${stdout}
COMP_WORDS=(signalbox "$@"); COMP_CWORD=$#
_signalbox
printf '%s\\n' "\${COMPREPLY[@]}"`;
  const options = { encoding: 'utf8', timeout: 10_000, cwd: '/' } as const;
  return execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], options)
    .trim()
    .split('\n');
}

describe('bash', () => {
  test('offers commands, subcommands and extra commands', async () => {
    expect(await offered('ex')).toEqual(['explain']);
    expect(await offered('contract', 'c')).toEqual(['check']);
    expect(await offered('worker', 'ru')).toEqual(['runner']);
  });

  test('offers the flags of the command and the common flags, also after arguments', async () => {
    expect(await offered('approve', 'acme/profile#1', '--g')).toEqual(['--gate', '--github-api-url']);
    expect(await offered('set-mode', 'acme/profile#1', 'guarded', '--js')).toEqual(['--json']);
  });

  test('offers the choices of a flag or an argument, and nothing where it is free-form', async () => {
    expect(await offered('approve', 'acme/profile#1', '--gate', '')).toEqual([
      'start',
      'publish',
      'merge',
      'release',
    ]);
    expect(await offered('list', '--stage', 'rel')).toEqual(['release-verified']);
    expect(await offered('set-mode', 'acme/profile#1', 'gu')).toEqual(['guarded']);
    expect(await offered('list', '--limit', '')).toEqual(['']);
  });

  test('offers files for a file argument', async () => {
    expect(await offered('policy', 'check', '/etc/host')).toContain('/etc/hosts');
    expect(await offered('show', '/etc/host')).toEqual(['']);
  });
});

describe('every shell', () => {
  test.each(['bash', 'zsh', 'fish'])(
    '%s completes every command, and descriptions cannot break out of their quotes',
    async shell => {
      const { stdout } = await cli(['completion', shell], { extraCommands: extra });
      const help = (await cli(['--help'], { extraCommands: extra })).stdout;
      const commands = [...help.matchAll(/^ {2}([a-z][a-z-]+)[ |]/gm)].map(([, name]) => name ?? '');
      expect(commands.length).toBeGreaterThan(20);
      for (const name of commands.filter(one => one !== 'help')) expect(stdout).toContain(`'${name}`);
      expect(stdout).not.toContain("it's");
    },
  );

  test('an unknown shell is wrong usage', async () => {
    const ran = await cli(['completion', 'tcsh']);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain('bash, zsh, fish');
  });
});

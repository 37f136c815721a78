/** Completion scripts: made from the very commands there are; the one for bash is asked by a real bash. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { Command } from 'commander';
import { cli } from './support/cli.ts';

const extra = () => new Command('worker').description("it's a worker").addCommand(new Command('runner'));

/** What bash offers after these words; the last one is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const { code, stdout } = await cli(['completion', 'bash'], { extraCommands: [extra] });
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
  test('offers commands, those of commands, and those that others compose', async () => {
    expect(await offered('ex')).toEqual(['explain']);
    expect(await offered('contract', 'c')).toEqual(['check']);
    expect(await offered('worker', 'ru')).toEqual(['runner']);
  });

  test('offers the flags of the command and the common ones, also behind arguments', async () => {
    expect(await offered('approve', 'acme/profile#1', '--g')).toEqual(['--gate', '--github-api-url']);
    expect(await offered('set-mode', 'acme/profile#1', 'guarded', '--js')).toEqual(['--json']);
  });

  test('offers what a flag or an argument can be, and nothing where it may be anything', async () => {
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

  test('offers files where a file is asked for', async () => {
    expect(await offered('policy', 'check', '/etc/host')).toContain('/etc/hosts');
    expect(await offered('show', '/etc/host')).toEqual(['']);
  });
});

describe('every shell', () => {
  test.each(['bash', 'zsh', 'fish'])(
    '%s knows every command, and text in quotes stays in them',
    async shell => {
      const { stdout } = await cli(['completion', shell], { extraCommands: [extra] });
      const help = (await cli(['--help'], { extraCommands: [extra] })).stdout;
      const commands = [...help.matchAll(/^ {2}([a-z][a-z-]+)[ |]/gm)].map(([, name]) => name ?? '');
      expect(commands.length).toBeGreaterThan(20);
      for (const name of commands.filter(one => one !== 'help')) expect(stdout).toContain(`'${name}`);
      expect(stdout).not.toContain("it's");
    },
  );

  test('another shell is wrong usage', async () => {
    const ran = await cli(['completion', 'tcsh']);
    expect([ran.code, ran.stdout]).toEqual([2, '']);
    expect(ran.stderr).toContain('bash, zsh, fish');
  });
});

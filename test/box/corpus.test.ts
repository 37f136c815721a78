/** Attacks of a hostile worker on its host: exhausting resources, outliving its limit, links out of the box. Each with moderate use as control. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';

import { FILTER_FD } from '../../src/box/bubblewrap/arguments.ts';
import { callProgram, type CallToMake } from '../../src/box/seccomp/call-program.ts';
import { defaultLimits } from '../../src/box/spec.ts';
import { waitUntil } from '../../src/host/wait.ts';
import { allocateWorkspace, type Workspace } from '../../src/box/workspace.ts';
import { processesWith, rareSeconds } from './support/processes.ts';
import { shell, tier, tools, type ShellOptions } from './support/box.ts';
import { runUnguarded, without } from './support/unguarded.ts';

const MiB = 1024 * 1024;
const architecture = process.arch === 'arm64' ? 'arm64' : 'x64';
const numbers = {
  x64: { mmap: 9, openat: 257, read: 0, memfdCreate: 319, fallocate: 285 },
  arm64: { mmap: 222, openat: 56, read: 63, memfdCreate: 279, fallocate: 47 },
}[architecture];

let rootDir: string;
let workspace: Workspace;
beforeAll(async () => {
  rootDir = await mkdtemp(path.join(tmpdir(), 'box-corpus-'));
  workspace = await allocateWorkspace({
    ...{ tier, rootDir, runId: 'corpus' },
    ...{ workspaceBytesMax: 32 * MiB, workspaceFilesMax: 500 },
    fill: dir => writeFile(path.join(dir, 'a.txt'), 'hello\n'),
  });
});
afterAll(async () => {
  await workspace.release();
  await rm(rootDir, { recursive: true });
});

const marker = rareSeconds();
afterEach(async () => expect(await processesWith(marker)).toEqual([]));

const hostile = (script: string, options: ShellOptions = {}) =>
  shell(script, { workspaceDir: workspace.dir, ...options });

describe('a limit holds for', () => {
  test('processes: a fork bomb is stopped at the limit, and the run times out', async () => {
    const bomb = `bomb() { sleep ${marker} & bomb | bomb & }; bomb; wait; sleep ${marker}`;
    const run = await hostile(bomb, { limits: { processesMax: 40, wallClockMs: 2500 } });
    expect(run.ending).toBe('wall-clock');
    expect(run.stderrTail).toContain('Resource temporarily unavailable');
  });

  test.each([
    [200, true],
    [25, false],
  ])('processes: thirty of them with a limit of %d: allowed: %s', async (processesMax, fits) => {
    const start = `for i in 1 2 3 4 5 6 7 8 9 10; do sleep ${marker} & sleep ${marker} & sleep ${marker} & done`;
    // not bash, which would retry for half a minute
    const run = await hostile('', {
      command: 'sh',
      args: ['-c', `${start}; exit 0`],
      limits: { processesMax },
    });
    expect([run.ending, run.exitCode === 0]).toEqual(['exited', fits]);
  });

  const memory: Record<string, readonly CallToMake[]> = {
    'a shared mapping': [
      { number: numbers.mmap, args: [0x1000_0000, 200 * MiB, 3, 0x31, -1, 0] },
      { number: numbers.openat, args: [-100, Buffer.from('/dev/zero\0'), 0] },
      { number: numbers.read, args: [3, 0x1000_0000, 200 * MiB] },
    ],
    'an unlinked file in memory': [
      { number: numbers.memfdCreate, args: [Buffer.from('x\0'), 0] },
      { number: numbers.fallocate, args: [3, 0, 0, 200 * MiB] },
    ],
  };
  // Limits per process do not count these; only a control group does, which an ordinary user cannot create.
  const withGroups = tier.guards.includes('control-group-memory-and-processes') ? test : test.skip;
  withGroups.each(Object.entries(memory))('memory as %s (needs control groups)', async (_, calls) => {
    const programs = { '/opt/eater': callProgram(architecture, calls) };
    const eat = async (memoryBytesMax: number) =>
      shell('exec /opt/eater > /dev/null', { programs, limits: { memoryBytesMax } });
    const beyond = await eat(100 * MiB);
    expect(beyond.memoryKills).toBeGreaterThan(0);
    expect(beyond.exitCode).not.toBe(0);
    expect(await eat(400 * MiB)).toMatchObject({ exitCode: 0, memoryKills: 0 });
  });

  test('memory of a program', async () => {
    const script = 'x=$(head -c 100000000 /dev/zero | tr "\\0" x); echo ${#x}';
    const eat = async (memoryBytesMax: number) => shell(script, { limits: { memoryBytesMax } });
    expect((await eat(60 * MiB)).stdout).toBe('');
    expect((await eat(600 * MiB)).stdout).toBe('100000000\n');
  });

  test.each(['/tmp', '/home/agent', '/dev/shm'])('the space of %s', async dir => {
    const fill = async (megabytes: number) =>
      hostile(`head -c ${megabytes}M /dev/zero > ${dir}/fill`, { limits: { tmpBytesMax: 8 * MiB } });
    expect((await fill(20)).stderrTail).toContain('No space left on device');
    expect((await fill(4)).exitCode).toBe(0);
  });

  test('one file', async () => {
    const write = async (fileBytesMax: number) =>
      hostile('head -c 4M /dev/zero > /tmp/big', { limits: { fileBytesMax } });
    expect((await write(MiB)).exitCode).not.toBe(0);
    expect((await write(8 * MiB)).exitCode).toBe(0);
  });

  test('the bytes and the files of the workspace: writing fails, or the run ends', async () => {
    const limits = { workspaceBytesMax: 32 * MiB, workspaceFilesMax: 500 };
    const wait = tier.guards.includes('workspace-watch') ? `sleep ${marker}` : 'exit 28';
    for (const fill of [
      'head -c 60M /dev/zero > fill',
      'mkdir d; for i in $(seq 700); do : > d/$i || exit 28; done',
    ]) {
      const run = await hostile(`${fill} && ${wait}; code=$?; rm -rf fill d; exit $code`, { limits });
      expect([run.ending, run.exitCode === 0]).toEqual([
        tier.guards.includes('workspace-watch') ? 'workspace-limit' : 'exited',
        false,
      ]);
      await hostile('rm -rf fill d');
    }
    const moderate = await hostile('head -c 10M /dev/zero > fill; mkdir d; touch d/{1..200}', { limits });
    expect(moderate).toMatchObject({ ending: 'exited', exitCode: 0 });
    await hostile('rm -rf fill d');
  });

  test('endless output', async () => {
    const limits = { outputBytesMax: MiB };
    const run = await hostile('exec yes', { limits });
    expect(run).toMatchObject({ ending: 'output-limit', stdoutBytes: MiB });
    expect(await hostile('yes | head -c 500000', { limits })).toMatchObject({ stdoutBytes: 500_000 });
  });
});

describe('outliving a limit', () => {
  const evasions = {
    'a command that ignores TERM': `trap '' TERM INT HUP; while :; do sleep ${marker}; done`,
    'a separate session': `trap '' TERM; setsid sleep ${marker} & wait`,
    'a session two forks away': `trap '' TERM; (setsid bash -c "trap '' TERM; (sleep ${marker} &) ; sleep ${marker}" &) ; sleep ${marker}`,
    'a process that replaces itself': `exec bash -c "trap '' TERM; exec sleep ${marker}"`,
    'fifty sessions': `trap '' TERM; for i in $(seq 50); do setsid sleep ${marker} & done; wait`,
  };
  const outlived: number[] = [];

  test.each(Object.entries(evasions))(
    '%s: no process is left after TERM, the grace period and KILL',
    async (_, script) => {
      const limits = { wallClockMs: 1000, killGraceMs: 500 };
      const run = await hostile(script, { limits });
      outlived.push(run.durationMs - limits.wallClockMs);
      expect(run.ending).toBe('wall-clock');
      expect(await processesWith(marker)).toEqual([]);
    },
  );

  test('lasts at most five seconds', () => {
    process.stdout.write(`a hostile worker outlived its limit by at most ${Math.max(...outlived)} ms\n`);
    expect(outlived).toHaveLength(Object.keys(evasions).length);
    expect(Math.max(...outlived)).toBeLessThanOrEqual(5000);
  });

  test('a command that succeeds leaves no daemon behind', async () => {
    const run = await hostile(`setsid sleep ${marker} > /dev/null 2>&1 & disown; sleep 0.2; echo started`);
    expect(run).toMatchObject({ ending: 'exited', exitCode: 0, stdout: 'started\n' });
    expect(await processesWith(marker)).toEqual([]);
  });

  test('the box of a killed runner ends too', async () => {
    const program = `
      import { runInBox } from './src/box/run.ts';
      import { defaultLimits } from './src/box/spec.ts';
      import { detectTier } from './src/box/detect.ts';
      const command = { command: 'bash', args: ['-c', 'trap "" TERM HUP; setsid sleep ${marker} & sleep ${marker}'] };
      const spec = { ...command, env: { PATH: '/usr/bin:/bin' }, readOnlyMounts: [], stdin: '', limits: defaultLimits };
      await runInBox(spec, { tier: await detectTier() });`;
    const args = ['--import', './test/support/typescript.mjs', '--input-type=module', '--eval', program];
    const root = fileURLToPath(new URL('../..', import.meta.url));
    const runner = spawn(process.execPath, args, { cwd: root, stdio: 'ignore' });
    expect(await waitUntil(async () => (await processesWith(marker)).length >= 2, 20_000)).toBe(true);
    runner.kill('SIGKILL');
    expect(await waitUntil(async () => (await processesWith(marker)).length === 0, 5000)).toBe(true);
  });

  test('positive control: the search for processes finds a running box', async () => {
    const running = hostile(`echo here; sleep ${marker}`, { limits: { wallClockMs: 1500 } });
    expect(await waitUntil(async () => (await processesWith(marker)).length > 0, 1500)).toBe(true);
    expect((await running).ending).toBe('wall-clock');
  });
});

describe('links and foreign calls', () => {
  test('a hard link to a read-only file cannot be made', async () => {
    const run = await hostile(
      'ln /usr/bin/env stolen; ln /etc/passwd stolen; ln a.txt own && cat own; rm own',
    );
    expect(run.stderrTail.match(/cross-device link/g)).toHaveLength(2);
    expect(run.stdout).toBe('hello\n');
  });

  test('a symlink out of the workspace resolves to files of the box', async () => {
    const run = await hostile(
      'ln -s /etc/passwd p; ln -s ../../../../etc/shadow s; cat p; cat s; echo x >> p; rm p s',
    );
    expect(run.stdout).toContain('agent:x:1000');
    expect(run.stdout).not.toContain('root:');
    expect(run.stderrTail).toContain('s: No such file or directory');
    expect(run.stderrTail).toContain('p: Read-only file system');
    expect(await readFile('/etc/passwd', 'utf8')).toContain('root:');
  });

  const onX64 = architecture === 'x64' ? test : test.skip;
  onX64('calls of another architecture kill the caller (needs x64)', async () => {
    // int 0x80 instead of syscall: the numbers of i386
    const program = Buffer.from(callProgram('x64', []));
    program.set([0xcd, 0x80], program.indexOf(Buffer.from([0x0f, 0x05])));
    const programs = { '/opt/foreign': program };
    const script = '/opt/foreign; echo $?';
    expect((await shell(script, { programs })).stdout).toBe('159\n');
    const spec = { command: 'bash', args: ['-c', script], env: tools, readOnlyMounts: [], stdin: '' };
    const output = await runUnguarded(
      { ...spec, programs, limits: defaultLimits },
      { edit: without('--seccomp', String(FILTER_FD)) },
    );
    expect(output).toMatch(/^\d+\n$/);
    expect(output).not.toBe('159\n');
  });
});

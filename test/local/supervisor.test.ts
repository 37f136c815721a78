/** The supervisor with real processes: readiness, restarts with back-off, and a stop that leaves no process. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { ProcessSpec, Readiness, SupervisorEvent } from '../../src/local/process-spec.ts';
import { createSupervisor, type Supervisor } from '../../src/local/supervisor.ts';
import { eventually, gone, isRunning, pidIn, temporaryFolder, textOf, type Folder } from './support.ts';

const childFile = path.join(import.meta.dirname, 'programs/child.mjs');

let folder: Folder;
let events: SupervisorEvent[];
let supervisor: Supervisor;

beforeEach(() => {
  folder = temporaryFolder();
  events = [];
  supervisor = createSupervisor({ onEvent: event => events.push(event) });
});
afterEach(async () => {
  await supervisor.stop();
  folder.remove();
});

function child(name: string, options: readonly string[] = [], more: Partial<ProcessSpec> = {}): ProcessSpec {
  return {
    name,
    command: process.execPath,
    args: [childFile, folder.file(`${name}.pid`), ...options],
    env: {},
    logFile: folder.file(`${name}.log`),
    parentWatch: 'own',
    readiness: { by: 'message', timeoutMs: 10_000 },
    restart: { firstDelayMs: 20, delayMsMax: 100, healthyAfterMs: 60_000 },
    stopGraceMs: 5_000,
    ...more,
  };
}

const kindsOf = (name: string): string[] =>
  events.filter(event => event.name === name).map(event => event.kind);
const startsOf = (name: string): number => kindsOf(name).filter(kind => kind === 'started').length;

describe('starting', () => {
  test('resolves when all are ready and reports each with its process id', async () => {
    await supervisor.start([child('one'), child('two')]);
    expect(events).toContainEqual({
      kind: 'started',
      name: 'one',
      pid: pidIn(folder.file('one.pid')),
      restarts: 0,
    });
    expect(supervisor.processes().map(({ name, state }) => [name, state])).toEqual([
      ['one', 'up'],
      ['two', 'up'],
    ]);
  });

  test('a probe that throws is called again until it resolves to true', async () => {
    let asked = 0;
    const probe = async (): Promise<boolean> => {
      asked += 1;
      if (asked < 3) throw new Error('not yet');
      return asked > 3;
    };
    await supervisor.start([child('one', ['--silent'], { readiness: { by: 'probe', probe, pollMs: 5 } })]);
    expect(asked).toBe(4);
  });

  test('a process that exits during start fails it with the last line of its log and is not restarted', async () => {
    await expect(supervisor.start([child('one', ['--fail'])])).rejects.toThrow(
      'one exited during start (exit code 3): the reason in the log',
    );
    expect(kindsOf('one')).toEqual([]);
    expect(supervisor.processes()[0]?.state).toBe('stopped');
  });

  test('a process with startAttemptsMax is started up to that many times', async () => {
    const unlucky = child('one', ['--fail'], { startAttemptsMax: 3 });
    await expect(supervisor.start([unlucky])).rejects.toThrow('one exited during start (exit code 3)');
    const log = readFileSync(unlucky.logFile, 'utf8');
    expect(log.split('first line')).toHaveLength(4);
    expect(kindsOf('one')).toEqual([]);
  });

  test.each(['own', 'guard'] as const)(
    'a process that is killed before it is ready is restarted, and this is reported (%s)',
    async parentWatch => {
      const readiness: Readiness = {
        by: 'probe',
        pollMs: 5,
        probe: async () => existsSync(folder.file('go')),
      };
      const starting = supervisor.start([child('one', ['--silent'], { parentWatch, readiness })]);
      const first = await eventually('the first id', () => pidIn(folder.file('one.pid')));
      expect(supervisor.kill('one', 'SIGKILL')).toBe(first);
      const next = (): number | undefined => pidIn(folder.file('one.pid'));
      await eventually('another id', () => next() !== undefined && next() !== first);
      expect(kindsOf('one')).toEqual(['died', 'restarting']);
      writeFileSync(folder.file('go'), '');
      await starting;
      expect(events).toMatchObject([
        { kind: 'died', pid: first, signal: 'SIGKILL', restarts: 0 },
        { kind: 'restarting', restarts: 1, delayMs: 20 },
        { kind: 'started', pid: next(), restarts: 1 },
      ]);
    },
  );

  test('a process that is repeatedly killed before it is ready fails to start after a few attempts', async () => {
    const onSpawn = (pid: number): void => void process.kill(pid, 'SIGKILL');
    await expect(supervisor.start([child('one', [], { onSpawn })])).rejects.toThrow(
      'one exited during start (SIGKILL)',
    );
    expect(delaysOf('one')).toEqual([20, 40, 80]);
    expect(kindsOf('one').filter(kind => kind === 'died')).toHaveLength(3);
    expect(supervisor.processes()[0]?.state).toBe('stopped');
  });

  test('with restart "never" a process that is killed before it is ready fails to start', async () => {
    const onSpawn = (pid: number): void => void process.kill(pid, 'SIGKILL');
    await expect(supervisor.start([child('one', [], { onSpawn, restart: 'never' })])).rejects.toThrow(
      'one exited during start (SIGKILL)',
    );
    expect(kindsOf('one')).toEqual([]);
  });

  test('a process that never becomes ready is killed', async () => {
    const never = child('one', ['--silent'], { readiness: { by: 'message', timeoutMs: 400 } });
    await expect(supervisor.start([never])).rejects.toThrow('one was not ready after 400 ms');
    await gone(await eventually('its id', () => pidIn(folder.file('one.pid')) ?? -1));
  });

  test.each(['own', 'guard'] as const)(
    'the error names a command that does not exist (%s)',
    async parentWatch => {
      const missing = child('one', [], { command: '/no/such/program', parentWatch });
      await expect(supervisor.start([missing])).rejects.toThrow(
        'cannot start one: /no/such/program is not executable or does not exist',
      );
    },
  );

  test('a child inherits nothing of our environment and gets its secret only through its file descriptor', async () => {
    const secretFile = folder.file('secret');
    await supervisor.start([child('one', ['--secret', secretFile], { secret: 'canary-4711' })]);
    expect(textOf(secretFile)).toBe('canary-4711');
    const pid = pidIn(folder.file('one.pid'));
    expect(textOf(`/proc/${pid}/environ`)).not.toContain('PATH=');
    expect(textOf(`/proc/${pid}/cmdline`) + textOf(`/proc/${pid}/environ`)).not.toContain('canary');
  });
});

describe('restarting', () => {
  test.each(['own', 'guard'] as const)(
    'a program killed by SIGKILL is restarted with a new process id (%s)',
    async parentWatch => {
      await supervisor.start([child('one', [], { parentWatch, readiness: probeOf('one') })]);
      const first = await eventually('the first id', () => supervisor.processes()[0]?.pid);
      expect(supervisor.kill('one', 'SIGKILL')).toBe(first);
      await eventually('the restart', () => startsOf('one') === 2);
      expect(kindsOf('one')).toEqual(['started', 'died', 'restarting', 'started']);
      expect(events).toContainEqual({
        kind: 'died',
        name: 'one',
        pid: first,
        code: null,
        signal: 'SIGKILL',
        restarts: 0,
      });
      expect(supervisor.processes()[0]).toMatchObject({ state: 'up', restarts: 1 });
      expect(supervisor.processes()[0]?.pid).not.toBe(first);
    },
  );

  test('the delay of a process that keeps failing grows up to the limit', async () => {
    await supervisor.start([child('one', ['--die-ms', '1'])]);
    await eventually('five restarts', () => delaysOf('one').length >= 5);
    expect(delaysOf('one').slice(0, 5)).toEqual([20, 40, 80, 100, 100]);
  });

  test('the delay of a process that was healthy for a while restarts at the first delay', async () => {
    const restart = { firstDelayMs: 20, delayMsMax: 1_000, healthyAfterMs: 0 };
    await supervisor.start([child('one', ['--die-ms', '1'], { restart })]);
    await eventually('three restarts', () => delaysOf('one').length >= 3);
    expect(delaysOf('one').slice(0, 3)).toEqual([20, 20, 20]);
  });

  test('leftover processes of a dead program are gone before the next instance starts', async () => {
    await supervisor.start([child('one', ['--grandchild', folder.file('grandchild.pid')])]);
    const grandchild = pidIn(folder.file('grandchild.pid')) ?? 0;
    expect(isRunning(grandchild)).toBe(true);
    supervisor.kill('one', 'SIGKILL');
    await eventually('the death', () => kindsOf('one').includes('died'));
    expect(isRunning(grandchild)).toBe(false);
  });

  test('a process with restart "never" stays down', async () => {
    await supervisor.start([child('one', [], { restart: 'never' })]);
    supervisor.kill('one', 'SIGKILL');
    await eventually('down', () => supervisor.processes()[0]?.state === 'stopped');
    expect(kindsOf('one')).toEqual(['started', 'died']);
    expect(supervisor.kill('one', 'SIGKILL')).toBeUndefined();
  });
});

describe('stopping', () => {
  test('a process that handles SIGTERM is not killed', async () => {
    await supervisor.start([child('one')]);
    await supervisor.stop();
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', name: 'one', code: null, signal: 'SIGTERM' });
  });

  test('a process that ignores SIGTERM and its children are killed after the grace time', async () => {
    const options = ['--ignore-term', '--grandchild', folder.file('grandchild.pid')];
    await supervisor.start([child('one', options, { stopGraceMs: 200 })]);
    const pids = [pidIn(folder.file('one.pid')) ?? 0, pidIn(folder.file('grandchild.pid')) ?? 0];
    expect(pids.map(isRunning)).toEqual([true, true]);
    const startedAt = Date.now();
    await supervisor.stop();
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(190);
    expect(pids.map(isRunning)).toEqual([false, false]);
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', signal: 'SIGKILL' });
  });

  test('the last started batch stops first', async () => {
    await supervisor.start([child('server')]);
    await supervisor.start([child('worker')]);
    await supervisor.stop();
    expect(events.filter(event => event.kind === 'stopped').map(event => event.name)).toEqual([
      'worker',
      'server',
    ]);
  });

  test('during start: the start fails as stopped, and no process is left', async () => {
    const starting = supervisor.start([child('one', ['--silent'])]);
    const failed = expect(starting).rejects.toMatchObject({ kind: 'stopped' });
    const pid = await eventually('its id', () => pidIn(folder.file('one.pid')));
    await supervisor.stop();
    await failed;
    expect(isRunning(pid)).toBe(false);
    await expect(supervisor.start([child('two')])).rejects.toMatchObject({ kind: 'stopped' });
  });

  test('during back-off: no new instance starts', async () => {
    const restart = { firstDelayMs: 60_000, delayMsMax: 60_000 };
    await supervisor.start([child('one', [], { restart })]);
    supervisor.kill('one', 'SIGKILL');
    await eventually('the back-off', () => kindsOf('one').includes('restarting'));
    await supervisor.stop();
    expect(startsOf('one')).toBe(1);
  });

  test('during the back-off of a first start: the start fails as stopped', async () => {
    const restart = { firstDelayMs: 60_000, delayMsMax: 60_000 };
    const starting = supervisor.start([child('one', ['--silent'], { restart })]);
    const failed = expect(starting).rejects.toMatchObject({ kind: 'stopped' });
    await eventually('its id', () => pidIn(folder.file('one.pid')));
    supervisor.kill('one', 'SIGKILL');
    await eventually('the back-off', () => kindsOf('one').includes('restarting'));
    await supervisor.stop();
    await failed;
    expect(supervisor.processes()[0]?.state).toBe('stopped');
  });

  test('killAll also kills a process in its grace time', async () => {
    await supervisor.start([child('one', ['--ignore-term'], { stopGraceMs: 60_000 })]);
    const stopping = supervisor.stop();
    supervisor.killAll();
    await stopping;
    expect(isRunning(pidIn(folder.file('one.pid')) ?? 0)).toBe(false);
  });
});

function delaysOf(name: string): number[] {
  return events.flatMap(event => (event.kind === 'restarting' && event.name === name ? [event.delayMs] : []));
}

/** A guarded program has no IPC channel to us. */
function probeOf(name: string): Readiness {
  return { by: 'probe', pollMs: 10, probe: async () => isRunning(pidIn(folder.file(`${name}.pid`)) ?? 0) };
}

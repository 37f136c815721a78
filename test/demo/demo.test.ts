/** `signalbox demo` as a user runs it: its output, its end, and what remains after Ctrl-C. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { execa } from 'execa';

const LIMIT_MS = 120_000;
const program = join(import.meta.dirname, '../../bin/signalbox.js');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

type Line = Readonly<Record<string, unknown>>;

interface Running {
  /** Resolves to the exit code after every line was read. */
  readonly ended: Promise<number | undefined>;
  readonly lines: Line[];
}

/** `onLine` can send the demo a signal. */
function start(
  args: readonly string[],
  onLine: (line: Line, send: (signal: NodeJS.Signals) => boolean) => void = () => undefined,
): Running {
  const options = { cwd: folder, reject: false, buffer: false, timeout: LIMIT_MS } as const;
  const child = execa(process.execPath, [program, 'demo', '--json', ...args], options);
  const lines: Line[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', text => {
    const line = JSON.parse(text) as Line;
    lines.push(line);
    onLine(line, signal => child.kill(signal));
  });
  const read = new Promise(resolve => reader.once('close', resolve));
  return { ended: Promise.all([child, read]).then(([{ exitCode }]) => exitCode), lines };
}

/** Ids of the processes that the demo reported and that still run. */
function alive(lines: readonly Line[]): readonly unknown[] {
  const pids = lines.flatMap(line =>
    line['type'] === 'process' && line['event'] === 'started' ? [line['pid']] : [],
  );
  return pids.filter(pid => {
    try {
      process.kill(Number(pid), 0);
      return true;
    } catch {
      return false;
    }
  });
}

test(
  '--json prints each transition, then the result, and leaves no process running',
  async () => {
    const { ended, lines } = start(['--yes']);
    const exitCode = await ended;
    expect(exitCode).toBe(0);
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      stage: 'release-verified',
      figures: { branches: 1, pullRequests: 1, merges: 1, statusComments: 1, kills: 0 },
    });
    const transitions = lines.filter(line => line['type'] === 'transition');
    expect(transitions.map(line => line['seq'])).toEqual(transitions.map((_, at) => at + 1));
    expect(alive(lines)).toEqual([]);
  },
  LIMIT_MS,
);

test(
  '--chaos kills processes and still leaves one branch, pull request, merge and status comment',
  async () => {
    const { ended, lines } = start(['--yes', '--chaos', '--seed', '3']);
    const exitCode = await ended;
    expect(exitCode).toBe(0);
    const killed = new Set(lines.filter(line => line['type'] === 'kill').map(line => line['process']));
    expect(killed.size).toBeGreaterThanOrEqual(2);
    expect(lines.at(-1)).toMatchObject({
      type: 'result',
      seed: 3,
      stage: 'release-verified',
      figures: { branches: 1, pullRequests: 1, merges: 1, statusComments: 1 },
    });
    expect(alive(lines)).toEqual([]);
  },
  LIMIT_MS,
);

describe('Ctrl-C leaves no process and no settings file', () => {
  test.each([
    ['while Temporal starts', { name: 'temporal', event: 'started' }],
    ['while the workers start', { name: 'scheduler', event: 'started' }],
    ['while the agent runs', { cause: 'run g1-a1 handed to a runner' }],
    ['after the merge', { cause: 'merged with the approved head' }],
  ])(
    '%s',
    async (_when, wanted) => {
      let [sent, living] = [false, 0];
      const { ended, lines } = start(['--yes'], (line, send) => {
        if (sent || !Object.entries(wanted).every(([key, value]) => line[key] === value)) return;
        // Positive control: the processes run until now.
        living = alive(lines).length;
        sent = send('SIGINT');
      });
      const exitCode = await ended;
      expect([sent, living > 0]).toEqual([true, true]);
      expect(exitCode).toBe(130);
      expect(alive(lines)).toEqual([]);
      expect(await readdir(join(folder, '.signalbox'))).not.toContain('settings.json');
    },
    LIMIT_MS,
  );
});

test(
  'without a terminal and without --yes, the demo exits with 2 and leaves no process',
  async () => {
    const { ended, lines } = start([]);
    const exitCode = await ended;
    expect(exitCode).toBe(2);
    expect(alive(lines)).toEqual([]);
  },
  LIMIT_MS,
);

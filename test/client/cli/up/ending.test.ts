/** However `up` ends, no process that it started survives; and while it runs, it restarts processes that die. */
import { afterEach, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { SEED } from '../../../support/seed.ts';
import { until } from '../../../support/until.ts';
import { familyOf, isAlive, type Member, workingIn } from './support/family.ts';
import {
  ISSUE,
  openOutside,
  type Outside,
  PERSONS_TOKEN,
  REPOSITORY,
  workFolder,
} from './support/outside.ts';
import { endAll, runProgram, start, type Running } from './support/program.ts';

const LIMIT_MS = 180_000;
const UP = /Press Ctrl-C to stop/;
/** Time for descendants to exit after a kill of the supervisor; a box exits within its own grace time. */
const DESCENDANTS_EXIT_MS = 20_000;

let outside: Outside;

afterEach(async () => {
  await endAll();
  await outside.end();
});

const begin = (values: Readonly<Record<string, string>> = {}): Running =>
  start({ folder: workFolder(outside), args: ['up'], values: { ...outside.values, ...values } });
const left = (up: Running): readonly Member[] => [
  ...up.family().filter(isAlive),
  ...workingIn(outside.folder.path),
];
const noneLeft = (up: Running): Promise<boolean> =>
  until('no process left', () => (left(up).length === 0 ? true : undefined), DESCENDANTS_EXIT_MS);
/** Without the lock files, which exist next to the workspaces, and before and after them. */
const workspaces = (): readonly string[] =>
  readdirSync(join(workFolder(outside), '.signalbox/data/workspaces')).filter(
    name => !name.includes('.lock'),
  );
const byArguments = (up: Running, words: string): Member | undefined =>
  familyOf(up.pid).find(one => one.arguments.includes(words));

// Times spread over the start: loading, checks, Temporal, workers, running.
test.each([0, 1, 2, 3, 4])(
  `Ctrl-C at a random time leaves no process: part %d of the start, seed ${SEED}`,
  async part => {
    outside = await openOutside();
    const up = begin();
    await Promise.race([delay(part * 900 + ((SEED * (part + 7)) % 900)), up.exit]);
    up.signal('SIGINT');
    const code = await up.exit;
    // Before its handlers are installed, the signal itself kills it.
    expect([130, -1]).toContain(code);
    expect(left(up)).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'a dead process is restarted; a second `up` is refused in the same folder only; Ctrl-C ends a running agent',
  async () => {
    outside = await openOutside({ github: { basePath: '/rest' }, held: true });
    const up = begin();
    await up.says(UP);
    const input = { folder: workFolder(outside), args: ['up'], values: outside.values };
    const second = await runProgram(input);
    expect([second.code, second.said]).toEqual([1, expect.stringContaining(`(process ${up.pid})`)]);
    const elsewhere = start({ ...input, folder: workFolder(outside, 'elsewhere') });
    // A scheduler that is killed during its start is restarted like any other.
    const seen = () => byArguments(elsewhere, 'main.js\0scheduler');
    const young = await until('a starting scheduler', seen, 60_000);
    process.kill(young.pid, 'SIGKILL');
    await elsewhere.says(/scheduler died \(SIGKILL\)/);
    expect(elsewhere.said()).not.toMatch(UP);
    await elsewhere.says(UP);
    elsewhere.signal('SIGTERM');
    expect(await elsewhere.exit).toBe(130);

    const scheduler = byArguments(up, 'main.js\0scheduler');
    process.kill(scheduler?.pid ?? 0, 'SIGKILL');
    await up.says(/scheduler died \(SIGKILL\)/);
    await up.says(/scheduler restarted/);

    outside.github.admin.as('rosa', REPOSITORY).label(1, 'ai');
    const approve = async (): Promise<true | undefined> => {
      const args = ['approve', ISSUE, '--gate', 'start', '--yes'];
      const values = { GITHUB_TOKEN: PERSONS_TOKEN, GITHUB_API_URL: outside.github.apiUrl };
      return (await runProgram({ ...input, args, values })).code === 0 ? true : undefined;
    };
    await until('approval at the start gate', approve, 60_000);
    await outside.model.waiting('last-step');
    expect(byArguments(up, 'codex')).toBeDefined();
    expect(workspaces()).toEqual([expect.stringMatching(/^acme\.profile-card\.1\./)]);
    up.signal('SIGINT');
    expect(await up.exit).toBe(130);
    expect(left(up)).toEqual([]);
    expect(workspaces()).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'kill -9 leaves no process, the next `up` takes over folder and history, and a second Ctrl-C does not wait',
  async () => {
    outside = await openOutside();
    const killed = begin();
    await killed.says(UP);
    expect(killed.family().filter(isAlive).length).toBeGreaterThanOrEqual(5);
    killed.signal('SIGKILL');
    await killed.exit;
    await noneLeft(killed);
    const next = begin({ SIGNALBOX_SCAN_SECONDS: '3600' });
    await next.says(UP);
    const list = await runProgram({ folder: workFolder(outside), args: ['list', '--json'], values: {} });
    expect(list.code).toBe(0);
    next.signal('SIGINT');
    next.signal('SIGINT');
    expect(await next.exit).toBe(130);
    await noneLeft(next);
  },
  LIMIT_MS,
);

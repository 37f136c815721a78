/** However and whenever `up` ends, nothing that it started lives on; and while it lives, it brings back what dies. */
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
const UP = /Ctrl-C ends it/;
/** Between the kill of a supervisor and the end of what it started; a box ends within its own grace time. */
const NOTICED_MS = 20_000;

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
const nobodyLeft = (up: Running): Promise<boolean> =>
  until('nobody left', () => (left(up).length === 0 ? true : undefined), NOTICED_MS);
/** Without their locks: those stand beside the workspaces, and before and after them. */
const workspaces = (): readonly string[] =>
  readdirSync(join(workFolder(outside), '.signalbox/data/workspaces')).filter(
    name => !name.includes('.lock'),
  );
const byArguments = (up: Running, words: string): Member | undefined =>
  familyOf(up.pid).find(one => one.arguments.includes(words));

// Moments over the whole start: loading, checks, Temporal, workers, running.
test.each([0, 1, 2, 3, 4])(
  `Ctrl-C at a random moment leaves nobody: part %d of the start, seed ${SEED}`,
  async part => {
    outside = await openOutside();
    const up = begin();
    await Promise.race([delay(part * 900 + ((SEED * (part + 7)) % 900)), up.exit]);
    up.signal('SIGINT');
    const code = await up.exit;
    // Before its handlers are in place the signal itself ends it.
    expect([130, -1]).toContain(code);
    expect(left(up)).toEqual([]);
  },
  LIMIT_MS,
);

test(
  'what dies comes back; a second `up` in the folder is refused, one elsewhere is not; Ctrl-C ends an agent at work',
  async () => {
    outside = await openOutside({ github: { basePath: '/rest' }, held: true });
    const up = begin();
    await up.says(UP);
    const input = { folder: workFolder(outside), args: ['up'], values: outside.values };
    const second = await runProgram(input);
    expect([second.code, second.said]).toEqual([1, expect.stringContaining(`(process ${up.pid})`)]);
    const elsewhere = start({ ...input, folder: workFolder(outside, 'elsewhere') });
    // Killed while it starts: no failed start, it comes back like any other.
    const young = await until('a scheduler that starts', () => byArguments(elsewhere, 'main.js\0scheduler'));
    process.kill(young.pid, 'SIGKILL');
    await elsewhere.says(/scheduler died \(SIGKILL\)/);
    expect(elsewhere.said()).not.toMatch(UP);
    await elsewhere.says(UP);
    elsewhere.signal('SIGTERM');
    expect(await elsewhere.exit).toBe(130);

    const scheduler = byArguments(up, 'main.js\0scheduler');
    process.kill(scheduler?.pid ?? 0, 'SIGKILL');
    await up.says(/scheduler died \(SIGKILL\)/);
    await up.says(/scheduler runs again/);

    outside.github.admin.as('rosa', REPOSITORY).label(1, 'ai');
    const approve = async (): Promise<true | undefined> => {
      const args = ['approve', ISSUE, '--gate', 'start', '--yes'];
      const values = { GITHUB_TOKEN: PERSONS_TOKEN, GITHUB_API_URL: outside.github.apiUrl };
      return (await runProgram({ ...input, args, values })).code === 0 ? true : undefined;
    };
    await until('approval at the start gate', approve, 60_000);
    await outside.model.waiting('mend');
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
  'kill -9 leaves nobody, the next `up` takes over folder and history; a second Ctrl-C does not wait',
  async () => {
    outside = await openOutside();
    const killed = begin();
    await killed.says(UP);
    expect(killed.family().filter(isAlive).length).toBeGreaterThanOrEqual(5);
    killed.signal('SIGKILL');
    await killed.exit;
    await nobodyLeft(killed);
    const next = begin({ SIGNALBOX_SCAN_SECONDS: '3600' });
    await next.says(UP);
    const list = await runProgram({ folder: workFolder(outside), args: ['list', '--json'], values: {} });
    expect(list.code).toBe(0);
    next.signal('SIGINT');
    next.signal('SIGINT');
    expect(await next.exit).toBe(130);
    await nobodyLeft(next);
  },
  LIMIT_MS,
);

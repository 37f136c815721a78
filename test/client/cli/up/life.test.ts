/** `up` against a GitHub at a URL: a label starts an issue by polling, people decide, it is released, and no secret leaks. */
import { afterEach, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssueView } from '../../../../src/domain/view.ts';
import { until } from '../../../support/until.ts';
import { environmentOf, familyOf, isAlive, workingIn } from './support/family.ts';
import {
  ISSUE,
  openOutside,
  type Outside,
  PERSONS_TOKEN,
  REPOSITORY,
  SECRETS,
  workFolder,
} from './support/outside.ts';
import { endAll, runProgram, start, type Running } from './support/program.ts';
import { filesHolding, holds } from './support/secrets.ts';

const LIMIT_MS = 240_000;
const STEP_MS = 90_000;
let outside: Outside;

afterEach(async () => {
  await endAll();
  await outside.end();
});

/** A person in the same folder, with their own token. */
async function person(args: readonly string[]): Promise<{ code: number; said: string; printed: string }> {
  const values = { GITHUB_TOKEN: PERSONS_TOKEN, GITHUB_API_URL: outside.github.apiUrl };
  return await runProgram({ folder: workFolder(outside), args, values });
}

async function viewWhen(what: string, fits: (view: IssueView) => boolean): Promise<IssueView> {
  return await until(
    what,
    async () => {
      const { code, printed } = await person(['show', ISSUE, '--json']);
      if (code !== 0) return undefined;
      const { view } = JSON.parse(printed) as { view?: IssueView };
      return view !== undefined && fits(view) ? view : undefined;
    },
    STEP_MS,
  );
}

async function approveAt(gate: string): Promise<void> {
  await viewWhen(`the ${gate} gate`, view => view.hold?.gate === gate);
  const answer = await person(['approve', ISSUE, '--gate', gate, '--yes']);
  expect([answer.code, answer.said]).toEqual([0, expect.any(String)]);
}

function named(up: Running, name: string) {
  const member = familyOf(up.pid).find(one => one.arguments.endsWith(`main.js\0${name}\0`));
  if (member === undefined) throw new Error(`no ${name}`);
  return member;
}

test(
  'an issue goes from its label to the release over /api/v3 by polling alone, and no process is left',
  async () => {
    outside = await openOutside();
    expect(outside.github.apiUrl).toMatch(/\/api\/v3$/);
    const folder = workFolder(outside);
    const values = {
      ...outside.values,
      SIGNALBOX_WEBHOOK_SECRET: SECRETS.webhook,
      SIGNALBOX_GATEWAY_PORT: '0',
    };
    const up = start({ folder, args: ['up'], values });
    await up.says(/Press Ctrl-C to stop/);
    expect((await person(['list', '--json'])).code).toBe(0);
    outside.github.admin.as('rosa', REPOSITORY).label(1, 'ai');
    await approveAt('start');
    await approveAt('merge');
    const view = await viewWhen('the release', ({ stage }) => stage === 'release-verified');
    expect(view.merge).not.toBeNull();
    expect(outside.github.admin.repositories.get(REPOSITORY).issues.get(1)?.state).toBe('closed');
    expectNoSecretAnywhere(up, folder);
    up.signal('SIGINT');
    expect(await up.exit).toBe(130);
    expect([...up.family().filter(isAlive), ...workingIn(folder)]).toEqual([]);
    expect(existsSync(join(folder, '.signalbox', 'settings.json'))).toBe(false);
  },
  LIMIT_MS,
);

function expectNoSecretAnywhere(up: Running, folder: string): void {
  const seen = (): readonly string[] => [...up.family(), ...familyOf(up.pid)].map(one => one.arguments);
  for (const secret of Object.values(SECRETS)) {
    expect(filesHolding(folder, secret)).toEqual([]);
    expect(seen().filter(line => holds(line, secret))).toEqual([]);
    expect([up.said(), up.printed()].filter(text => holds(text, secret))).toEqual([]);
    expect(holds(JSON.stringify(outside.model.requests.map(({ body }) => body)), secret)).toBe(false);
    expect(holds(environmentOf(named(up, 'runner')), secret)).toBe(false);
  }
  // Positive control: a process that needs a secret has it in its environment.
  expect(holds(environmentOf(named(up, 'scheduler')), SECRETS.github)).toBe(true);
  expect(holds(environmentOf(named(up, 'scheduler')), SECRETS.model)).toBe(false);
  expect(holds(environmentOf(named(up, 'gateway')), SECRETS.webhook)).toBe(true);
  expect(holds(environmentOf(named(up, 'gateway')), SECRETS.github)).toBe(false);
  expect(holds(environmentOf(named(up, 'model-gateway')), SECRETS.model)).toBe(false);
  // Positive controls: the search finds history in Temporal's database, and planted secrets in a log and in arguments.
  expect(
    filesHolding(folder, 'The greeting does not refresh').map(file => file.replace(/-wal$/, '')),
  ).toContain(join(folder, '.signalbox', 'data', 'temporal.db'));
  const planted = join(folder, '.signalbox', 'data', 'logs', 'planted.log');
  writeFileSync(planted, `authorization: Basic ${Buffer.from(`x:${SECRETS.github}`).toString('base64')}\n`);
  expect(filesHolding(folder, SECRETS.github)).toEqual([planted]);
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 5_000)', SECRETS.model], {
    stdio: 'ignore',
  });
  expect(familyOf(process.pid).some(one => holds(one.arguments, SECRETS.model))).toBe(true);
  child.kill('SIGKILL');
}

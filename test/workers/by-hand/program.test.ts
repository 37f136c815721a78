/** A run by hand as a process: the real Codex with a scripted model, and Ctrl-C, which leaves no process and no file. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { greetingFix, overBudget, prose } from '../../../simulator/model/scripts.ts';
import type { Script } from '../../../simulator/model/script.ts';
import { type ScriptedModel, startModel } from '../../../simulator/model/server.ts';
import type { HandResult } from '../../../src/client/cli/run/by-hand.ts';
import { processesWith, rareSeconds } from '../../box/support/processes.ts';
import { isAlive, workingIn } from '../../client/cli/up/support/family.ts';
import { endAll, type Running, start } from '../../client/cli/up/support/program.ts';
import { filesHolding } from '../../client/cli/up/support/secrets.ts';
import { until } from '../../support/until.ts';
import { type Desk, everythingIn, openDesk, reporting, workInProgress } from './support/desk.ts';

const LIMIT_MS = 120_000;
const KEY = 'sk-c4n4ry-the-key-of-a-person-at-a-desk-0001';
let desk: Desk;
let before: readonly string[];
let runs = 0;

beforeAll(async () => {
  desk = await openDesk();
  workInProgress(desk.repo);
  before = everythingIn(desk.repo);
});
afterEach(async () => {
  await endAll();
  expect(everythingIn(desk.repo)).toEqual(before);
});
afterAll(() => desk.folder.remove());

interface Begun extends Running {
  readonly out: string;
}

/** Omits --out: the run creates a folder next to the repository. */
const NO_OUT = ['--no-out'];

function begin(args: readonly string[], values: Readonly<Record<string, string>> = {}): Begun {
  runs += 1;
  const out = desk.folder.file(`out-${runs}`);
  const given = args.filter(word => !NO_OUT.includes(word));
  const to = args.includes('--out') || given.length < args.length ? [] : ['--out', out];
  const all = ['run', '--issue', desk.issueFile, '--repo', desk.repo, ...to, '--json', ...given];
  return { ...start({ folder: desk.folder.path, args: all, values }), out };
}

/** No process that it started is alive, and no file that it created exists. */
function expectGone(begun: Begun): void {
  const { family, out } = begun;
  expect(family().filter(isAlive)).toEqual([]);
  expect(workingIn(desk.folder.path)).toEqual([]);
  expect(existsSync(join(out, '.work'))).toBe(false);
  expect(scratchOf(begun)).toEqual([]);
}

/** Its files in the temporary directory: sockets of its model gateway. */
function scratchOf({ out }: Begun): readonly string[] {
  return readdirSync(tmpdir()).filter(name => noteIn(name).endsWith(`\n${join(out, '.work')}`));
}

/** The folder of a model gateway says in a note whose it is. */
function noteIn(name: string): string {
  try {
    return readFileSync(join(tmpdir(), name, 'owner'), 'utf8');
  } catch {
    return '';
  }
}

describe('with the real Codex', () => {
  const withModel = async (
    script: Script,
    use: (model: ScriptedModel, values: Record<string, string>) => Promise<void>,
  ) => {
    const model = await startModel({ script, key: KEY });
    try {
      await use(model, { SIGNALBOX_MODEL_BASE_URL: model.url, SIGNALBOX_MODEL_KEY: KEY });
    } finally {
      await model.close();
    }
  };

  test(
    'a defect becomes a verified commit; the result reports the usage, and no file contains the key',
    async () => {
      await withModel(greetingFix(), async (model, values) => {
        const others = join(desk.file('gateway/control.sock', 'of another gateway'), '..');
        const running = begin([], { ...values, SIGNALBOX_MODEL_GATEWAY_DIR: others });
        expect([await running.exit, running.said()]).toEqual([
          0,
          expect.stringContaining('the agent ended: patch'),
        ]);
        const result = JSON.parse(running.printed()) as HandResult;
        expect(result).toMatchObject({
          ...{ outcome: 'verified', concerns: [], run: { agent: 'codex', ending: 'patch' } },
          checks: [{ passed: false }, { passed: true }, { passed: true }],
        });
        expect(result.run.usage.inputTokens).toBeGreaterThan(0);
        expect(model.requests.every(request => request.headers.authorization === `Bearer ${KEY}`)).toBe(true);
        expect(JSON.stringify(model.requests[0]?.body)).toContain('node --test');
        expect(readdirSync(others)).toEqual(['control.sock']);
        expect(filesHolding(running.out, KEY)).toEqual([]);
        expect(running.said()).not.toContain(KEY);
        expectGone(running);
      });
    },
    LIMIT_MS,
  );

  test.each([
    ['report-invalid', prose, /does not match its schema/],
    ['over-budget', overBudget, /budget of the run was used up/],
  ] as const)(
    '%s is reported as the ending of the run',
    async (ending, script, why) => {
      await withModel(script, async (_model, values) => {
        const running = begin([], values);
        expect(await running.exit).toBe(1);
        expect(JSON.parse(running.printed())).toMatchObject({ outcome: 'no', run: { ending } });
        expect(running.said()).toMatch(why);
        expectGone(running);
      });
    },
    LIMIT_MS,
  );

  test(
    'Ctrl-C during the run ends the box and the model gateway',
    async () => {
      await withModel(greetingFix({ gate: 'fix' }), async (model, values) => {
        const running = begin([], values);
        await model.waiting('fix');
        expect(running.family().some(one => one.arguments.endsWith('main.js\0model-gateway\0'))).toBe(true);
        expect(scratchOf(running)).toHaveLength(1);
        running.signal('SIGINT');
        expect(await running.exit).toBe(130);
        expect([running.printed(), existsSync(running.out)]).toEqual(['', false]);
        expectGone(running);
      });
    },
    LIMIT_MS,
  );

  test(
    'a model gateway that cannot start is reported, and the agent is not started',
    async () => {
      const running = begin([], {
        SIGNALBOX_MODEL_KEY: KEY,
        SIGNALBOX_MODEL_BASE_URL: 'http://example.com/v1',
      });
      expect([await running.exit, running.printed()]).toEqual([1, '']);
      expect(running.said()).toMatch(/signalbox: .*model-gateway.*must use https/);
      expect(running.said()).not.toContain('starting codex');
      expectGone(running);
    },
    LIMIT_MS,
  );
});

describe('Ctrl-C', () => {
  /** A child in its own session that ignores SIGTERM. */
  const deaf = (seconds: string) => `trap '' TERM
    (setsid bash -c "trap '' TERM; sleep ${seconds}; true" > /dev/null 2>&1 &)
    echo busy >&2; sleep ${seconds}; ${reporting()}`;

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends an agent that ignores signals, and its children',
    async signal => {
      const seconds = rareSeconds();
      const running = begin(['--agent', desk.agent(deaf(seconds))]);
      await running.says(/output: busy/);
      await until('the sleepers', async () =>
        (await processesWith(seconds)).length >= 2 ? true : undefined,
      );
      running.signal(signal);
      expect(await running.exit).toBe(130);
      expect(await processesWith(seconds)).toEqual([]);
      expect(existsSync(running.out)).toBe(false);
      expectGone(running);
    },
    LIMIT_MS,
  );

  test(
    'ends a verification',
    async () => {
      const seconds = rareSeconds();
      const test = `import { execFileSync } from 'node:child_process'; execFileSync('sleep', ['${seconds}']);`;
      const script = `echo "${test}" > test/slow.test.js; ${reporting()}`;
      const running = begin(['--agent', desk.agent(script)]);
      await until(
        'the check',
        async () => ((await processesWith(seconds)).length > 0 ? true : undefined),
        60_000,
      );
      running.signal('SIGINT');
      expect(await running.exit).toBe(130);
      expect(await processesWith(seconds)).toEqual([]);
      expectGone(running);
    },
    LIMIT_MS,
  );
});

describe('a run that is killed by SIGKILL', () => {
  /** Kills the run while its agent works; its box and all its processes end on their own. */
  async function killed(args: readonly string[] = []): Promise<Begun> {
    const seconds = rareSeconds();
    const agent = desk.agent(`echo busy >&2; sleep ${seconds}; ${reporting()}`);
    const running = begin(['--agent', agent, ...args]);
    await running.says(/output: busy/);
    running.signal('SIGKILL');
    await running.exit;
    await until('the end of all that it started', () => (running.family().some(isAlive) ? undefined : true));
    return running;
  }

  /** A run whose agent works until the test ends it. */
  async function working(args: readonly string[] = []): Promise<Begun> {
    const running = begin(['--agent', desk.agent(`echo busy >&2; sleep ${rareSeconds()}`), ...args]);
    await running.says(/output: busy/);
    return running;
  }

  const well = () => desk.agent(reporting({ outcome: 'no-change' }));
  const runFolders = (): readonly string[] =>
    readdirSync(desk.folder.path).filter(name => name.startsWith('signalbox-checkout-'));
  const end = async (running: Begun): Promise<void> => {
    running.signal('SIGINT');
    await running.exit;
  };

  test(
    'leaves a work directory that the next run into the same folder removes; the folder of a living run is refused',
    async () => {
      const dead = await killed();
      expect(existsSync(join(dead.out, '.work', 'workspaces'))).toBe(true);
      const next = begin(['--agent', well(), '--out', dead.out]);
      await next.exit;
      expect(next.said()).toContain(`removed the leftovers of a killed run in ${dead.out}`);
      expect(JSON.parse(next.printed())).toMatchObject({ run: { ending: 'no-change' } });
      expectGone(dead);

      const alive = await working();
      const other = begin(['--agent', well(), '--out', alive.out]);
      expect(await other.exit).toBe(2);
      expect(other.said()).toContain('is not empty');
      expect(existsSync(join(alive.out, '.work', 'workspaces'))).toBe(true);
      await end(alive);
    },
    LIMIT_MS,
  );

  test(
    'leaves a folder that the next run next to it removes, and only that one',
    async () => {
      const dead = await killed(NO_OUT);
      const [left] = runFolders();
      const alive = await working(NO_OUT);
      expect(alive.said()).toContain(`leftovers of a killed run in ${desk.folder.file(left ?? '')}`);
      expect(runFolders()).toHaveLength(1);
      expect(runFolders()).not.toContain(left);
      expect(scratchOf(dead)).toEqual([]);
      const [held] = runFolders();
      const notOurs = desk.file('signalbox-checkout-of-someone/.work/owner.lock', '1.1.0');
      const next = begin(['--agent', well(), ...NO_OUT]);
      await next.exit;
      expect(next.said()).not.toContain('killed');
      expect(runFolders()).toContain(held);
      expect(existsSync(notOurs)).toBe(true);
      await end(alive);
    },
    LIMIT_MS,
  );
});

/** The demo with a person at the terminal: which gates it asks at, and what it shows before each answer. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { execa } from 'execa';
import { performDemo } from '../../demo/perform.ts';
import { type Cli, paintFor } from '../../src/client/cli/cli.ts';
import { EXIT } from '../../src/client/cli/exit.ts';
import { resolveSettings } from '../../src/client/cli/settings.ts';

const LIMIT_MS = 120_000;
const program = join(import.meta.dirname, '../../bin/signalbox.js');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-demo-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Asked {
  readonly gate: string;
  /** Everything printed since the previous question. */
  readonly shown: string;
}

/** What the person types, or undefined for no answer. */
type Answer = string | undefined;

/** A terminal with a person. */
function terminal(answer: (gate: string) => Answer | Promise<Answer>): {
  readonly cli: Cli;
  readonly asked: readonly Asked[];
} {
  const stdin = Object.assign(new PassThrough(), { isTTY: true });
  const asked: Asked[] = [];
  let shown = '';
  const type = async (gate: string): Promise<void> => {
    const typed = await answer(gate);
    if (typed !== undefined) stdin.write(`${typed}\n`);
  };
  const stdout = {
    write: (text: string) => {
      shown += text;
      const gate = /Approve at the (\w+) gate\? /.exec(text)?.[1];
      if (gate === undefined) return;
      asked.push({ gate, shown });
      shown = '';
      setImmediate(() => void type(gate));
    },
  };
  const environment = process.env;
  const cli: Cli = {
    stdin,
    stdout,
    stderr: { write: () => undefined },
    environment,
    workingDirectory: folder,
    signal: AbortSignal.timeout(LIMIT_MS),
    now: Date.now,
    paint: paintFor(stdout, environment),
    settings: () => resolveSettings({ flags: {}, environment, file: {} }),
  };
  return { cli, asked };
}

const perform = (cli: Cli): Promise<void> =>
  performDemo({ cli, flags: {}, dataDir: join(folder, '.signalbox', 'demo'), seed: 1 });

test(
  'each gate shows what is approved before the question: the issue, the change with its evidence, the evidence',
  async () => {
    const { cli, asked } = terminal(() => 'y');
    await perform(cli);
    expect(asked.map(({ gate }) => gate)).toEqual(['start', 'merge', 'release']);
    const [start = '', merge = '', release = ''] = asked.map(({ shown }) => shown);
    expect(start).toContain('## Acceptance criteria');
    expect(merge).toContain(
      '+    if (known !== undefined && known.part === part && known.name === profile.name',
    );
    for (const shown of [merge, release]) {
      expect(shown).toMatch(/changed tests on base: fails, as expected/);
      expect(shown).toMatch(/all tests on head: passes, as expected/);
    }
    for (const { shown } of asked) expect(shown).toMatch(/digest +[0-9a-f]{12}\n/);
  },
  LIMIT_MS,
);

test(
  'a no rejects the issue, and the demo ends with the exit code “no”',
  async () => {
    const { cli, asked } = terminal(gate => (gate === 'merge' ? 'n' : 'y'));
    await expect(perform(cli)).rejects.toMatchObject({ code: EXIT.no });
    expect(asked.map(({ gate }) => gate)).toEqual(['start', 'merge']);
  },
  LIMIT_MS,
);

test(
  'a question is withdrawn when the CLI decides the gate in another terminal, and the demo continues',
  async () => {
    const decisions: Promise<number | undefined>[] = [];
    const { cli, asked } = terminal(async gate => {
      if (gate === 'merge') {
        decisions.push(signalbox('approve', 'acme/profile-card#1', '--yes'));
        return undefined;
      }
      // The other command still asks Temporal for the answer to its comment; the demo takes Temporal away when it ends.
      await Promise.all(decisions);
      return 'y';
    });
    await perform(cli);
    await expect(Promise.all(decisions)).resolves.toEqual([0]);
    expect(asked.map(({ gate }) => gate)).toEqual(['start', 'merge', 'release']);
    expect(asked[2]?.shown).toContain('decided elsewhere: no answer is needed');
  },
  LIMIT_MS,
);

/** Runs the CLI in the demo's folder, where the demo wrote its settings. */
async function signalbox(...args: readonly string[]): Promise<number | undefined> {
  const done = await execa(process.execPath, [program, ...args], { cwd: folder, reject: false });
  return done.exitCode;
}

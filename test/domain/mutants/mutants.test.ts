/** A broken guard of the rules breaks the invariant in the table, and the script reports it if not. All guards: npm run mutants. */
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { mutantsOfRules } from './mutants.ts';
import { readTable, tableProblems, units } from './table.ts';

const STRANGE = 'test/domain/mutants/programs/strange.tsv';
const TIMEOUT_MS = 300_000;
const SCRIPT = ['--import', './test/support/typescript.mjs', 'scripts/mutants.mjs', '--json'];

interface Line {
  readonly type: 'guard' | 'problem' | 'summary';
  readonly outcome?: string;
  readonly problem?: string;
}

async function mutants(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly lines: readonly Line[] }> {
  const { exitCode = -1, stdout } = await execa(process.execPath, [...SCRIPT, ...args], { reject: false });
  const lines = stdout.split('\n').filter(line => line !== '');
  return { code: exitCode, lines: lines.map(line => JSON.parse(line) as Line) };
}

test('the table names every guard, with a killed one in each deciding function and each row of a rule table', () => {
  const { guards } = mutantsOfRules();
  expect(tableProblems(guards, readTable())).toEqual([]);
  expect(units(guards).length).toBeGreaterThan(300);
});

test(
  'one guard for each file and invariant is killed by the invariant in the table',
  async () => {
    const { code, lines } = await mutants('--one-each');
    expect(lines.filter(({ type, outcome }) => type === 'guard' && outcome !== 'killed')).toEqual([]);
    expect(lines.length).toBeGreaterThan(50);
    expect(code).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  'an outdated row is a failure, and so is a row of a removed guard',
  async () => {
    const { code, lines } = await mutants('--table', STRANGE);
    const outcomes = lines.filter(({ type }) => type === 'guard').map(({ outcome = '' }) => outcome);
    expect(outcomes).toEqual([
      'killed',
      'SURVIVED',
      expect.stringMatching(/^broke “7 bound” instead/),
      'the mutant no longer exists',
      'there is no such probe',
      'survives every probe',
    ]);
    const problems = lines.map(({ problem }) => problem);
    expect(problems).toContain(
      'removed guard: next-step.ts lost condition 1; run npm run mutants -- --write',
    );
    expect(code).toBe(1);
  },
  TIMEOUT_MS,
);

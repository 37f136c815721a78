/** Guards that are broken one at a time are found, and the script says so when one is not. All of them: npm run mutants. */
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { guardsWithout } from './guards.ts';
import { MUTANTS } from './list.ts';
import { STRANGE_OUTCOMES } from './programs/strange.ts';

const TIMEOUT_MS = 300_000;
const SCRIPT = ['--import', './test/support/typescript.mjs', 'scripts/mutants.mjs', '--json'];

interface Line {
  readonly type: 'mutant' | 'summary';
  readonly guard?: string;
  readonly outcome?: string;
  readonly failed?: number;
}

async function mutants(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly lines: readonly Line[] }> {
  const { exitCode = -1, stdout } = await execa(process.execPath, [...SCRIPT, ...args], { reject: false });
  const lines = stdout.split('\n').filter(line => line !== '');
  return { code: exitCode, lines: lines.map(line => JSON.parse(line) as Line) };
}

test(
  'one mutant for each file and invariant is killed by the invariant it names',
  async () => {
    const { code, lines } = await mutants('--one-each');
    expect(lines.filter(({ type, outcome }) => type === 'mutant' && outcome !== 'killed')).toEqual([]);
    expect(lines.length).toBeGreaterThan(50);
    expect(code).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  'one that survives, is found by another invariant, or does not apply is a failure',
  async () => {
    const { code, lines } = await mutants('--list', 'test/domain/mutants/programs/strange.ts');
    const outcomes = lines.filter(({ type }) => type === 'mutant').map(({ outcome = '' }) => outcome);
    expect(outcomes).toHaveLength(STRANGE_OUTCOMES.length);
    for (const [index, said] of STRANGE_OUTCOMES.entries()) expect(outcomes[index]).toMatch(said);
    expect(code).toBe(1);
  },
  TIMEOUT_MS,
);

test('no two mutants have one name in one file', () => {
  const names = MUTANTS.map(({ file, guard }) => `${file} ${guard}`);
  expect(new Set(names).size).toBe(names.length);
});

describe('each guard has a mutant', () => {
  test('each function that decides and each row of a table of rules: there is no exception', () => {
    expect(guardsWithout(MUTANTS)).toEqual([]);
  });

  test('a guard that loses its mutants is found', () => {
    const others = MUTANTS.filter(({ file }) => file !== 'limits.ts' && file !== 'generation.ts');
    const found = guardsWithout(others);
    expect(found).toContain('generation.ts: beginsAgain');
    expect(found).toContain('limits.ts: ISSUE_LIMITS 1');
    expect(guardsWithout([]).length).toBeGreaterThan(250);
  });
});

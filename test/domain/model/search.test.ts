/** `npm run model`: nothing breaks within small bounds, and a broken rule is found by the shortest trace. */
import process from 'node:process';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';

const TIMEOUT_MS = 300_000;
const SEARCH = ['--import', './test/support/typescript.mjs', 'scripts/model.mjs', '--json'];

interface Found {
  readonly name: string;
  readonly states: number;
  readonly witnessed: readonly string[];
  readonly broken?: { readonly what: string; readonly trace: readonly string[] };
}

async function search(
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly found: readonly Found[] }> {
  const { exitCode = -1, stdout } = await execa(process.execPath, [...SEARCH, ...args], { reject: false });
  const lines = stdout.split('\n').filter(line => line !== '');
  return { code: exitCode, found: lines.map(line => JSON.parse(line) as Found) };
}

test(
  'no state within small bounds breaks an invariant, and every stage is reached',
  async () => {
    const { code, found } = await search('--quick');
    expect(found.filter(({ broken }) => broken !== undefined)).toEqual([]);
    expect(code).toBe(0);
    expect(found.flatMap(({ witnessed }) => witnessed)).toEqual(
      expect.arrayContaining(
        ['triage', 'claimed', 'working', 'pr', 'merged', 'release-verified', 'delivered', 'cancelled'].map(
          stage => `stage ${stage}`,
        ),
      ),
    );
    expect(found.reduce((sum, { states }) => sum + states, 0)).toBeGreaterThan(2_000);
  },
  TIMEOUT_MS,
);

test(
  'the reports of workers lead at most to a question to a person',
  async () => {
    const { found } = await search('--only', 'worker facts alone');
    expect(found.flatMap(({ witnessed }) => witnessed)).toEqual(
      expect.arrayContaining(['hold gate:merge', 'hold gate:start', 'stage pr', 'end delivered']),
    );
  },
  TIMEOUT_MS,
);

test.each([
  [
    'next-step.ts RULES.started row 1: left out',
    'guarded, a fault',
    '7 bound',
    ['the effect answers', 'the upkeep answers'],
  ],
  [
    'next-step.ts interrupted condition 1: false',
    'analysis, an act',
    '7 halted',
    ['the effect answers', 'a person decides', 'the upkeep answers', 'the upkeep answers'],
  ],
])(
  'the mutant “%s” ends with exit code 1 and the shortest trace to the violation',
  async (...[guard, model, invariant, way]) => {
    const { code, found } = await search('--only', model, '--mutant', guard);
    const [broken] = found.flatMap(({ broken: what }) => (what === undefined ? [] : [what]));
    expect(code).toBe(1);
    expect(broken?.what).toMatch(new RegExp(`^${invariant}`));
    expect(broken?.trace).toHaveLength(way.length);
    expect([...(broken?.trace ?? [])].sort()).toEqual([...way].sort());
  },
  TIMEOUT_MS,
);

/** docs/lifecycle.md is what the code says; a changed table fails here, with the command to run. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { lifecyclePage, type Tables, TABLES } from '../../scripts/support/lifecycle-page.ts';
import { outOfStep } from '../../scripts/support/written-pages.ts';
import { ENDINGS } from '../../src/domain/ending.ts';
import { DRIFT } from '../../src/domain/evolve/drift.ts';
import { FAILURES } from '../../src/domain/failure.ts';
import { STAGE_EDGES } from '../../src/domain/stage.ts';

const root = new URL('../../', import.meta.url);

test('every page that is written from code is in step with it', () => {
  expect(outOfStep(root)).toEqual([]);
});

/** The table with its first text put another way. */
function reworded(value: unknown): unknown {
  let done = false;
  const walk = (part: unknown): unknown => {
    if (done) return part;
    if (typeof part === 'string') {
      done = true;
      return `${part}, put another way`;
    }
    if (Array.isArray(part)) return part.map(walk);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, walk(inner)]));
  };
  return walk(value);
}

describe('a changed table', () => {
  test.each(Object.keys(TABLES) as (keyof Tables)[])('%s is noticed, and the command is named', name => {
    const tables = { ...TABLES, [name]: reworded(TABLES[name]) };
    const pages = [{ path: 'docs/lifecycle.md', text: lifecyclePage(tables) }];
    expect(outOfStep(root, pages)).toEqual([
      'docs/lifecycle.md is not in step with the code: run `npm run docs`',
    ]);
  });

  test('is not noticed while nothing is changed', () => {
    const pages = [{ path: 'docs/lifecycle.md', text: lifecyclePage({ ...TABLES }) }];
    expect(outOfStep(root, pages)).toEqual([]);
  });
});

test('the page holds every row: each arrow, ending, failure and drift', () => {
  const page = readFileSync(new URL('docs/lifecycle.md', root), 'utf8');
  for (const { from, to } of STAGE_EDGES)
    expect(page).toContain(`${from.replaceAll('-', '_')} --> ${to.replaceAll('-', '_')}: `);
  for (const name of [...ENDINGS, ...Object.keys(FAILURES)]) expect(page).toContain(`| \`${name}\` |`);
  for (const { found } of Object.values(DRIFT)) expect(page).toContain(`| ${found} |`);
});

test('SPEC.md repeats none of its tables', () => {
  const spec = readFileSync(new URL('SPEC.md', root), 'utf8');
  const rows = lifecyclePage()
    .split('\n')
    .filter(line => line.startsWith('| `'));
  expect(rows.length).toBeGreaterThan(60);
  expect(rows.filter(row => spec.includes(row))).toEqual([]);
  expect(spec).toContain('docs/lifecycle.md');
});

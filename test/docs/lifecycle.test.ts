/** docs/lifecycle.md matches the code. After a change of a table, the failure names the command to run. */
import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { lifecyclePage, type Tables, TABLES } from '../../scripts/support/lifecycle-page.ts';
import { outOfStep } from '../../scripts/support/written-pages.ts';
import { ENDINGS } from '../../src/domain/ending.ts';
import { DRIFT } from '../../src/domain/evolve/drift.ts';
import { FAILURES } from '../../src/domain/failure.ts';
import { STAGE_EDGES } from '../../src/domain/stage.ts';

const root = new URL('../../', import.meta.url);

test('every page that is generated from code is up to date', () => {
  expect(outOfStep(root)).toEqual([]);
});

/** The table with its first text changed. */
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
  test.each(Object.keys(TABLES) as (keyof Tables)[])(
    '%s makes the page outdated, and the message names the command',
    name => {
      const tables = { ...TABLES, [name]: reworded(TABLES[name]) };
      const pages = [{ path: 'docs/lifecycle.md', text: lifecyclePage(tables) }];
      expect(outOfStep(root, pages)).toEqual(['docs/lifecycle.md is out of date. Fix: run `npm run docs`']);
    },
  );

  test('the positive control: unchanged tables match the page', () => {
    const pages = [{ path: 'docs/lifecycle.md', text: lifecyclePage({ ...TABLES }) }];
    expect(outOfStep(root, pages)).toEqual([]);
  });
});

test('the page has every row: each arrow, ending, failure and drift', () => {
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

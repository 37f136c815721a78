/** Guards and their mutants in small sources: each kind is found, and names do not depend on wording. */
import { describe, expect, test } from '@jest/globals';
import { transformSync } from '@swc/core';
import { guardsOf } from './guards.ts';
import { instrumented, SWITCH } from './instrument.ts';
import { parsed } from './mutants.ts';
import { tableProblems } from './table.ts';

function guards(text: string): Record<string, readonly string[]> {
  const found = guardsOf(parsed('a.ts', text));
  return Object.fromEntries(
    found.map(({ name, changes }) => [name.slice('a.ts '.length), changes.map(({ how }) => how)]),
  );
}

/** The results of `f`: unchanged, then with each mutant of its source. */
function results(text: string): readonly unknown[] {
  const source = parsed('a.ts', text);
  const changes = guardsOf(source)
    .flatMap(guard => guard.changes)
    .map((change, number) => ({ ...change, number }));
  const options = { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' } } as const;
  const { code } = transformSync(instrumented(source, changes), options);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the source is in this file
  const play = new Function(SWITCH, `${code.replaceAll(/^export .*$/gm, '')}; return f();`) as (
    isMutant: (number: number) => boolean,
  ) => unknown;
  return [-1, ...changes.keys()].map(on => play(number => number === on));
}

describe('each kind of guard is found', () => {
  test.each([
    ['function f(a) { if (a) return 1; }', { 'f condition 1': ['true', 'false'] }],
    [
      'function f(a, b) { return a && !b ? 1 : 2; }',
      { 'f condition 1': ['true', 'false'], 'f condition 2': ['true', 'false'] },
    ],
    ['const f = a => a < 3;', { 'f condition 1': ['true', 'false', 'boundary'] }],
    ['function f(a): boolean { return g(a); }', { 'f condition 1': ['true', 'false'] }],
    [
      'function f(a) { return a.filter(b => g(b)); }',
      { 'f step 1': ['skipped'], 'f condition 1': ['true', 'false'] },
    ],
    ['function f(a) { return a ?? 1; }', { 'f fallback 1': ['never', 'always'] }],
    ["function f(a) { switch (a) { case 'x': return 1; } }", { 'f case 1': ['never', 'always'] }],
    ["const f = ['x'];\nconst g = a => f.includes(a);", { 'f.x row 1': ['left out'] }],
    ['const f = [a, b];', { 'f.a row 1': ['left out'], 'f.b row 1': ['left out'] }],
    [
      "const f = { a: { is: true, to: 'x' }, b: { is: false, to: 'y' } };",
      {
        ...{ 'f.a.is value 1': ['negated'], 'f.a.to value 1': ['as y'] },
        ...{ 'f.b.is value 1': ['negated'], 'f.b.to value 1': ['as x'] },
      },
    ],
    ["const f = { a: 'a text' };", { 'f.a value 1': ['empty'] }],
    ['function f(a) { return [a]; }', { 'f element 1': ['left out'] }],
    ['function f(a) { return Math.max(a, 1); }', { 'f step 1': ['only 1', 'only 2'] }],
    ['function f(a: string) { return g(a); }', { 'f step 1': ['skipped'] }],
    ['const f = /a/;', { 'f pattern 1': ['never'] }],
    ['function f(a) { return { ...a, b: 1 }; }', {}],
  ])('%s', (text, expected) => {
    expect(guards(text)).toEqual(expected);
  });
});

describe('a mutant changes the source only while it is on', () => {
  test.each([
    ['function f() { const a = 3; return a < 3 || a > 5; }', [false, true, false, true, true, false, false]],
    ['function f() { return [1, 2].filter(a => a === 2).length; }', [1, 2, 2, 0]],
    ['function f() { return undefined ?? 4; }', [4, undefined, 4]],
    ["function f() { switch ('x') { case 'y': return 1; case 'x': return 2; } }", [2, 2, 1, undefined, 2]],
    ['const one = () => 1;\nconst all = [one, one];\nfunction f() { return all.length; }', [2, 1, 1]],
    ['function f() { const list = [...[1], Number(2)]; return list.length; }', [2, 1, 1]],
    ["function f() { return 'aba'.replace(/b/, ''); }", ['aa', 'aba', 'aba']],
  ])('%s', (text, expected) => {
    expect(results(text)).toEqual(expected);
  });
});

const PLAIN = `
/** Whether it is late. */
export function isLate(at: number, now: number): boolean {
  if (at === 0) return false;
  const waited = now - at;
  return waited > 10 && text(waited) !== 'soon';
}`;
const REWORDED = `
// Reports a wait that is too long.
export function isLate(since: number, now: number): boolean {
  // It was never asked for.
  if (0 === since) { return false; }
  const ms = -(since - now);
  return (ms > 10) && text(ms) !== 'in a moment';
}`;

test('names of guards do not depend on comments, local names, texts or spelling', () => {
  expect(guards(REWORDED)).toEqual(guards(PLAIN));
});

test('a new guard, a removed guard and a function without a killed guard are reported', () => {
  const found = guardsOf(
    parsed('a.ts', 'function f(a) { if (a) return 1; }\nfunction g(a) { return a ?? 1; }'),
  );
  const killed = { how: 'true', invariant: '7 bound', probe: 'a probe' };
  const rows = [
    { guard: 'a.ts f condition 1', killed },
    { guard: 'a.ts f condition 2', killed },
  ];
  expect(tableProblems(found, rows)).toEqual([
    'new guard: a.ts g fallback 1; run npm run mutants -- --write',
    'removed guard: a.ts f condition 2; run npm run mutants -- --write',
    'no probe kills a guard of a.ts g: add a probe, then run npm run mutants -- --write',
  ]);
});

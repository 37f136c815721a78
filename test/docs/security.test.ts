/** The threat model names, for each promise, tests that exist; and it is the only place that promises. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { marked, type Tokens } from 'marked';

const root = path.join(import.meta.dirname, '../..');
const textOf = (page: string): string => readFileSync(path.join(root, page), 'utf8');
const tables = marked
  .lexer(textOf('docs/security.md'))
  .filter((token): token is Tokens.Table => token.type === 'table');
const promises = tables
  .filter(({ header }) => header.map(({ text }) => text).join() === 'promise,why it holds,tests')
  .flatMap(({ rows }) =>
    rows.map(([promise, , tests]) => ({ promise: promise?.text ?? '', tests: tests?.text ?? '' })),
  );

test('there are promises', () => {
  expect(promises.length).toBeGreaterThan(15);
});

test.each(promises)('$promise', ({ tests }) => {
  const named = tests
    .split(', ')
    .map(word => /^`(test\/[\w/.-]+\.test\.ts)`$/.exec(word)?.[1] ?? `not a test: ${word}`);
  expect(named.filter(file => !existsSync(path.join(root, file)))).toEqual([]);
});

test('SECURITY.md leads there and repeats nothing', () => {
  const entry = textOf('SECURITY.md');
  expect(entry).toContain('](docs/security.md)');
  expect(entry.split('\n').filter(line => line.startsWith('|'))).toEqual([]);
});

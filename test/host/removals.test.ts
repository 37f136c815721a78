/** No code but src/host/remove-tree.ts removes recursively. Lint says so for TypeScript; this also reads the other programs. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const root = path.join(import.meta.dirname, '../..');
const THE_PLACE = 'src/host/remove-tree.ts';
const files = ['src', 'demo', 'bin'].flatMap(folder =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.(?:ts|mjs|js|sh)$/.test(name))
    .map(name => path.join(folder, name)),
);

/** Calls of Node, words of programs that remove, and lines of shell programs. */
const REMOVALS = [
  /\brm(?:Sync|dir|dirSync)?\([^;]{0,200}recursive/s,
  /\brimraf\b/,
  /\(\s*['"`]rm['"`]|['"`]-rf['"`]|['"`]-delete['"`]/,
  /^\s*(?:rm|find)\b.* -(?:[a-z]*r|-recursive|delete)/m,
];

/** In the folder that its process started in, which is open and private: nothing can be put in its place. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  'src/box/container/guard.sh': 'rm -rf -- ./*',
};

const removes = (text: string): boolean => REMOVALS.some(pattern => pattern.test(text));

test.each([
  'await rm(dir, { recursive: true, force: true })',
  'rmSync(join(dir, name), {\n  recursive: true,\n})',
  "run('rm', ['-rf', '--', dir])",
  "run('find', [dir, '-delete'])",
  'rm -rf -- "$3"',
  'find . -delete',
])('%s is found', text => {
  expect(removes(text)).toBe(true);
});

test.each([
  'rmSync(file, { force: true })',
  'mkdir(dir, { recursive: true })',
  "['rm', '--force', name]",
  'rmdir -- "$1"',
])('%s is not', text => {
  expect(removes(text)).toBe(false);
});

test('only one file removes recursively', () => {
  const found = files.filter(file => {
    const text = readFileSync(path.join(root, file), 'utf8');
    return removes(text.replace(EXCEPTIONS[file] ?? '\0', ''));
  });
  expect(found).toEqual([THE_PLACE]);
});

/** Every message that docs/troubleshooting.md quotes is one of the program's own, so that a search for it finds the page. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');
const page = readFileSync(path.join(root, 'docs/troubleshooting.md'), 'utf8');
const quoted = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = '']) => message);
const sources = readdirSync(path.join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter(name => name.endsWith('.ts'))
  .map(name => readFileSync(path.join(root, 'src', name), 'utf8'))
  .join('\n');

/** The parts of a message between its values. */
const isInSources = (message: string): boolean =>
  message
    .split('…')
    .map(part => part.trim())
    .every(part => sources.includes(part));

test('the page quotes messages', () => {
  expect(quoted.length).toBeGreaterThan(25);
  expect(isInSources('a message that nobody prints')).toBe(false);
});

test.each(quoted)('“%s” is in the source', message => {
  expect(isInSources(message)).toBe(true);
});

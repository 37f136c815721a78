/** Every setting that a process reads is on one page. */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, root), 'utf8');

test('docs/cli.md names every setting of src/config/environment.ts', () => {
  const fields = read('src/config/environment.ts').matchAll(/^ {2}((?:SIGNALBOX|GITHUB|AWS)_[A-Z0-9_]+):/gm);
  const settings = [...fields].map(([, name = '']) => name);
  expect(settings.length).toBeGreaterThan(30);
  const page = read('docs/cli.md');
  expect(settings.filter(name => !page.includes(`\`${name}\``))).toEqual([]);
});

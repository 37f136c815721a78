/** `.env.example` has exactly what must be filled in, and docs/compose.md names what may be changed. */
import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { composeText, root, variablesIn } from './support/compose-file.ts';

const example = readFileSync(path.join(root, '.env.example'), 'utf8');
const page = readFileSync(path.join(root, 'docs/compose.md'), 'utf8');
const namesIn = (text: string): string[] => [...text.matchAll(/^(\w+)=/gm)].map(([, name = '']) => name);

test('the example has exactly the variables without a default', () => {
  const needed = variablesIn(composeText).filter(({ hasDefault }) => !hasDefault);
  expect(namesIn(example).toSorted()).toEqual([...new Set(needed.map(({ name }) => name))].sort());
});

test('the page names each variable with a default, and no other', () => {
  const optional = variablesIn(composeText).filter(({ hasDefault }) => hasDefault);
  const needed = new Set(namesIn(example));
  const names = [...new Set(optional.map(({ name }) => name))].filter(name => !needed.has(name));
  const rows = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| `/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/\w+/g)].map(([name]) => name),
  );
  expect(rows.toSorted()).toEqual(names.toSorted());
});

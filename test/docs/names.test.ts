/** An exported name means one thing in all of src/, so a search for it is unambiguous. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const source = new URL('../../src/', import.meta.url);

/** Names that both sides of a protocol use. */
const NAMED_BY_A_PROTOCOL = [
  // Activities have the names of the contract; the functions they call on GitHub or in git do the same.
  'closeIssue',
  'pushCommit',
  // Messages of the workflow, and the functions that send them.
  'approve',
  'decide',
  'wake',
];

test('exported names are unique, except those of a protocol', () => {
  const places = new Map<string, Set<string>>();
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(new URL(file, source), 'utf8');
    for (const [, name = ''] of text.matchAll(
      /^export (?:declare )?(?:abstract )?(?:async )?(?:interface|type|class|const|function\*?) (\w+)/gm,
    ))
      places.set(name, (places.get(name) ?? new Set()).add(file));
  }
  const twice = [...places].filter(([, files]) => files.size > 1);
  const found = Object.fromEntries(twice.map(([name, files]) => [name, [...files].sort()]));
  expect(Object.keys(found).sort()).toEqual([...NAMED_BY_A_PROTOCOL].sort());
});

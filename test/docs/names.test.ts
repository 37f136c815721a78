/** An exported name means one thing in all of src/: whoever searches for it finds it. */
import { expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';

const source = new URL('../../src/', import.meta.url);

/** What one protocol names on both of its sides. */
const NAMED_BY_A_PROTOCOL = [
  // Activities bear the names of the contract; what they call on GitHub or in git does the same thing.
  'closeIssue',
  'pushCommit',
  // Messages of the workflow, and who sends them.
  'approve',
  'decide',
  'wake',
];

test('no two exported names are the same, but for those of a protocol', () => {
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

/** A key is an artifact's or a note's only in its own place: whoever may write below `sha256/` can choose the rest. */
import { expect, test } from '@jest/globals';
import { digestInKey, digestInNote, noteKey, shelfKey, trashKey } from '../../src/artifacts/bucket/keys.ts';
import type { ArtifactDigest } from '../../src/artifacts/port.ts';

const digest: ArtifactDigest = `sha256:${'ab'.repeat(32)}`;
const hex = digest.slice('sha256:'.length);
const shelf = `${hex.slice(0, 2)}/${hex.slice(2)}`;

test('the keys of an artifact and of its notes name it', () => {
  expect([digestInKey(shelfKey(digest)), digestInKey(trashKey(digest))]).toEqual([digest, digest]);
  for (const name of ['builds', 'audit/acme/profile#1', '../..', ''])
    expect([name, digestInNote(noteKey(name, digest))]).toEqual([name, name === '' ? undefined : digest]);
});

test.each([
  `sha256/x/${shelf}`,
  `sha256/%2e%2e/scheduler/names/builds/${hex}`,
  `sha256/${hex}`,
  `sha256/${shelf}/`,
  `sha256/${shelf.toUpperCase()}`,
  `prod/sha256/${shelf}`,
  `other/${shelf}`,
])('%s is no artifact and no note', key => {
  expect([digestInKey(key), digestInNote(key)]).toEqual([undefined, undefined]);
});

test.each([`scheduler/names/${hex}`, `scheduler/names/builds/more/${hex}`, `scheduler/builds/${hex}`])(
  '%s is no note',
  key => {
    expect(digestInNote(key)).toBeUndefined();
  },
);

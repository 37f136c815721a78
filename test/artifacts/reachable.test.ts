/** What is needed: the named artifacts, and what their documents name, however deep. */
import { expect, test } from '@jest/globals';
import { ArtifactError, type ArtifactDigest, StoreFailure } from '../../src/artifacts/port.ts';
import { reachableFrom } from '../../src/artifacts/reachable.ts';

const named = (letter: string): ArtifactDigest => `sha256:${letter.repeat(64)}`;
const [a, b, c, d, gone, broken] = ['a', 'b', 'c', 'd', 'e', 'f'].map(named) as [
  ArtifactDigest,
  ArtifactDigest,
  ArtifactDigest,
  ArtifactDigest,
  ArtifactDigest,
  ArtifactDigest,
];
const texts = new Map([
  [a, `{"run":{"report":"${b}"}}`],
  [b, `plain text that names ${c} and, again, ${a}`],
  [c, `\u0000\ufffd ${gone}`],
  [d, 'nobody names this one'],
]);
const reading = {
  isStored: (digest: ArtifactDigest) => digest !== gone,
  signal: new AbortController().signal,
  store: {
    get: (digest: ArtifactDigest) => {
      const text = texts.get(digest);
      return text === undefined
        ? Promise.reject(new ArtifactError('corrupted', 'changed'))
        : Promise.resolve(Buffer.from(text));
    },
  },
};

test('references are followed through documents of any kind, once each', async () => {
  const found = await reachableFrom([a, broken], reading);
  expect([...found.needed].sort()).toEqual([a, b, c, gone, broken].sort());
  expect(await reachableFrom([d], reading)).toEqual({ needed: new Set([d]), damaged: [] });
});

test('damaged documents that are needed are told, others are not', async () => {
  expect((await reachableFrom([a, broken], reading)).damaged).toEqual([broken]);
  expect((await reachableFrom([a], reading)).damaged).toEqual([]);
});

test('a store that fails as a whole leaves nothing known', async () => {
  const store = { get: () => Promise.reject(new StoreFailure('denied', { what: 'no' })) };
  await expect(reachableFrom([a], { ...reading, store })).rejects.toMatchObject({ kind: 'denied' });
});

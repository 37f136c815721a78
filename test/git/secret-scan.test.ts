/** The scan itself: what it says of changes is judged with the corpus. */
import { performance } from 'node:perf_hooks';
import { expect, test } from '@jest/globals';
import { scanForSecrets } from '../../src/git/secret-scan.ts';
import { fakeToken } from './corpus.ts';

/** A process that scans for months must not become slower or larger with each scan. */
test('a scan leaves nothing behind that the next one would have to pass', async () => {
  const before = performance.getEntries().length;
  const found = await scanForSecrets([{ path: 'a.js', after: Buffer.from(`const t = '${fakeToken}'`) }]);
  expect(found).toHaveLength(1);
  expect(performance.getEntries().length).toBe(before);
});

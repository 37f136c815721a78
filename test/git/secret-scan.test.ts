/** Resource use of the secret scan. The corpus in judge.test.ts covers its findings. */
import { performance } from 'node:perf_hooks';
import { expect, test } from '@jest/globals';
import { scanForSecrets } from '../../src/git/secret-scan.ts';
import { fakeToken } from './corpus.ts';

/** A long-running process must not become slower or larger with each scan. */
test('a scan leaves no performance entries behind', async () => {
  const before = performance.getEntries().length;
  const found = await scanForSecrets([{ path: 'a.js', after: Buffer.from(`const t = '${fakeToken}'`) }]);
  expect(found).toHaveLength(1);
  expect(performance.getEntries().length).toBe(before);
});

/** The secret scan: hidden forms of a token, and its use of resources. The corpus in judge.test.ts covers the other findings. */
import { performance } from 'node:perf_hooks';
import { expect, test } from '@jest/globals';
import { hideSecrets } from '../../src/git/secret-rules.ts';
import { scanForSecrets, secretKindsIn } from '../../src/git/secret-scan.ts';
import { fakeToken } from './corpus.ts';
import { hiddenSecrets, plainContents } from './corpus-secrets.ts';
import { stopwatch } from '../support/processor-time.ts';

test.each(hiddenSecrets)('a token is found %s, and is not repeated', async (_form, after) => {
  const found = await scanForSecrets([{ path: 'a', after }]);
  expect(found).toHaveLength(1);
  expect(JSON.stringify(found)).not.toContain(fakeToken.slice(4));
});

test.each(plainContents)('no secret is found in %s', async (_form, after) => {
  expect(await scanForSecrets([{ path: 'a', after }])).toEqual([]);
});

test.each(hiddenSecrets)('a token that the base already has %s is not new', async (_form, after) => {
  const edited = Buffer.concat([after, Buffer.from('\nmore\n')]);
  expect(await scanForSecrets([{ path: 'a', before: after, after: edited }])).toEqual([]);
});

/** A long-running process must not become slower or larger with each scan. */
test('a scan leaves no performance entries behind', async () => {
  const before = performance.getEntries().length;
  const found = await scanForSecrets([{ path: 'a.js', after: Buffer.from(`const t = '${fakeToken}'`) }]);
  expect(found).toHaveLength(1);
  expect(performance.getEntries().length).toBe(before);
});

/** Every view is linear: twice the input is at most about twice the work, in forms that invite backtracking. */
test.each([
  ['quotes', '"'],
  ['quotes and blanks', '"  '],
  ['blanks', ' '],
  ['line breaks', ' \n'],
  ['comment starts', '/*'],
  ['template starts', '${ '],
  ['backslashes', '\\'],
  ['escapes', '\\u00'],
  ['hexadecimal digits', 'a0'],
  ['hexadecimal digits with gaps', 'a0, '],
  ['base64', 'aB3/'],
  ['numbers', '103, '],
  ['bytes of a dump', '00000000: 6768 '],
  ['literals with operators', '"+#'],
  ['calls', 'f(103)+'],
  ['comments', '// '],
  ['marks of comments', '#'],
  ['heads of keys', '-----BEGIN PRIVATE KEY-----'],
  ['starts of tokens', 'ghp_'],
])('a file of nothing but %s is scanned in bounded time', async (_name, piece) => {
  const after = Buffer.from(piece.repeat(Math.ceil(500_000 / piece.length)));
  const workedMs = stopwatch();
  expect(await scanForSecrets([{ path: 'a', after }])).toEqual([]);
  expect(workedMs()).toBeLessThan(10_000);
});

test('the kinds of secrets in a text are named, without the secret', async () => {
  const kinds = await secretKindsIn(`Use ${fakeToken} to reproduce it.`);
  expect(kinds).toEqual(['GitHub token']);
  expect(await secretKindsIn('Use your own token to reproduce it.')).toEqual([]);
});

test('many tokens are hidden in one pass, and a placeholder is not', () => {
  const token = (at: number): string => fakeToken.slice(0, -6) + String(at).padStart(6, '0');
  const many = Array.from({ length: 50_000 }, (_, at) => token(at));
  const workedMs = stopwatch();
  expect(hideSecrets(many.join('\n'))).toBe(many.map(() => '[secret]').join('\n'));
  expect(workedMs()).toBeLessThan(5_000);
  expect(hideSecrets(`${fakeToken} and ghp_${'x'.repeat(36)}`)).toBe(`[secret] and ghp_${'x'.repeat(36)}`);
});

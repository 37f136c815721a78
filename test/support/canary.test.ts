/** The scanner of the canary tests: it finds a secret in each encoding, and nothing in other text. */
import { expect, test } from '@jest/globals';
import { writings, writingsIn, written } from './canary.ts';

const secrets = [
  'ghp_0123456789abcdefABCDEF0123456789abcd',
  'sk-a1B2c3D4-e5F6_g7H8i9J0',
  '9f8e7d6c5b4a39281706f5e4d3c2b1a0',
];
const innocent = `The quick brown fox. ${Buffer.from('nothing to see here at all').toString('base64')} %20 0a1b2c\n`;

test.each(writings)('a secret written “%s” is found, and only so', writing => {
  for (const secret of secrets) {
    const text = innocent + written(secret, writing) + innocent;
    expect(writingsIn(text, secret)).toEqual([writing]);
    for (const other of secrets.filter(one => one !== secret)) expect(writingsIn(text, other)).toEqual([]);
  }
});

test('a secret inside JSON, with escaped line ends, is found', () => {
  for (const writing of writings.filter(one => one !== 'wide'))
    expect(writingsIn(JSON.stringify(written(secrets[0] ?? '', writing)), secrets[0] ?? '')).toEqual([
      writing,
    ]);
});

test('half a secret is not found', () =>
  expect(writingsIn(secrets[0]?.slice(0, 20) ?? '', secrets[0] ?? '')).toEqual([]));

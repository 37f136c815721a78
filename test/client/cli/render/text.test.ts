/** Untrusted text cannot control a terminal; durations and times are readable. */
import { expect, test } from '@jest/globals';
import {
  cut,
  durationText,
  plain,
  plainLines,
  relativeTime,
} from '../../../../src/client/cli/render/text.ts';
import { cli, jsonOf } from '../support/cli.ts';

const HOSTILE = 'a\u001b[2Jb\u009b31mc\u0007d\u202ee\u200bf\u2066g\rh';

test('control characters and marks that hide or reorder text are replaced', () => {
  expect(plain(HOSTILE)).toBe('a\ufffd[2Jb\ufffd31mc\ufffdd\ufffde\ufffdf\ufffdg h');
  expect(plain('one\ntwo\tthree')).toBe('one two three');
  expect(plainLines('one\r\n\ttwo\u001b[31m')).toBe('one\n\ttwo\ufffd[31m');
  expect(plain('Grüße 👩‍💻 – done')).toBe('Grüße 👩‍💻 – done');
});

test('JSON output escapes the same characters and keeps the value', async () => {
  const stdin = `version: 1\n${JSON.stringify(HOSTILE)}: 1\n`;
  const ran = await cli(['policy', 'check', '-', '--json'], { stdin });
  // eslint-disable-next-line no-control-regex -- the test looks for them
  expect(ran.stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u2066]/);
  expect(JSON.stringify(jsonOf(ran))).toContain('\u202e');
});

test.each([
  [0, '0 ms'],
  [850, '850 ms'],
  [12_000, '12 s'],
  [89_000, '89 s'],
  [90_000, '2 min'],
  [3 * 3_600_000, '3 h'],
  [50 * 3_600_000, '2 d'],
])('%i ms is shown as %s', (ms, text) => {
  expect(durationText(ms)).toBe(text);
});

test('times are shown relative to now', () => {
  expect(relativeTime(1_000_000, 1_000_400)).toBe('just now');
  expect(relativeTime(0, 180_000)).toBe('3 min ago');
  expect(relativeTime(7_200_000, 0)).toBe('in 2 h');
});

test('a text is cut between characters, not within one', () => {
  expect(cut('👩👩👩', 2)).toBe('👩…');
});

/** Shell programs are separate files with valid syntax and a header comment. */
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../../src/', import.meta.url);
const programs = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(file =>
  file.endsWith('.sh'),
);

test('there are shell programs', () => {
  expect(programs).not.toEqual([]);
});

describe('the shell program', () => {
  test.each(programs)('%s starts with a comment and has valid syntax', async file => {
    const place = new URL(file, source);
    expect(readFileSync(place, 'utf8')).toMatch(/^# \S/);
    const { stderr } = await execa('sh', ['-n', fileURLToPath(place)]);
    expect(stderr).toBe('');
  });
});

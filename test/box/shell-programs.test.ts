/** Programs for the shell stand in files of their own, and a shell can read each of them. */
import { describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../../src/', import.meta.url);
const programs = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(file =>
  file.endsWith('.sh'),
);

test('there are some', () => {
  expect(programs).not.toEqual([]);
});

describe('a program for the shell', () => {
  test.each(programs)('%s says what it is for, and a shell can read it', async file => {
    const place = new URL(file, source);
    expect(readFileSync(place, 'utf8')).toMatch(/^# \S/);
    const { stderr } = await execa('sh', ['-n', fileURLToPath(place)]);
    expect(stderr).toBe('');
  });
});

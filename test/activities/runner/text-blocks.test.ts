/** The output of a run in memory: complete lines, and no cost that grows with their number. */
import { expect, test } from '@jest/globals';
import { TextBlocks, type TextLimits } from '../../../src/activities/runner/text-blocks.ts';
import { stopwatch } from '../../support/processor-time.ts';

function filled(
  lines: number,
  lineOf: (index: number) => string,
  keep: TextLimits = { chars: Number.MAX_SAFE_INTEGER, lines: Number.MAX_SAFE_INTEGER },
): TextBlocks {
  const blocks = new TextBlocks();
  for (let index = 0; index < lines; index += 1) {
    blocks.add(lineOf(index));
    blocks.keepLast(keep);
  }
  return blocks;
}

test('every line is returned, also an empty one, and its characters are counted', () => {
  const lines = ['one', '', 'two', 'x'.repeat(100_000), '', 'three'];
  const blocks = filled(lines.length, index => lines[index] ?? '');
  expect(blocks.text()).toBe(lines.join('\n'));
  expect(blocks.chars).toBe(lines.join('\n').length + 1);
});

test('keepLast keeps at least the requested characters, in complete lines, and little more', () => {
  const keep = 300_000;
  const blocks = filled(200_000, index => `line ${index}`, { chars: keep, lines: 1_000_000 });
  const text = blocks.text();
  expect(text.length).toBeGreaterThanOrEqual(keep - 1);
  expect(text.length).toBeLessThan(keep + 140_000);
  expect(text).toMatch(/^line \d+\n/);
  expect(text.endsWith('line 199999')).toBe(true);
  expect(blocks.chars).toBe(text.length + 1);
});

test('one line longer than the limit is kept, because it may be the report', () => {
  const blocks = filled(3, index => String(index).repeat(1_000_000), { chars: 10, lines: 1_000_000 });
  expect(blocks.text()).toBe('2'.repeat(1_000_000));
});

test('keepLast keeps at least the requested lines when they are short, and little more', () => {
  const blocks = filled(200_000, index => String(index), { chars: 10_000_000, lines: 50_000 });
  const lines = blocks.text().split('\n');
  expect(lines.length).toBeGreaterThanOrEqual(50_000);
  expect(lines.length).toBeLessThan(52_000);
  expect(blocks.lines).toBe(lines.length);
  expect(lines.at(-1)).toBe('199999');
});

test('four million lines take seconds, not hours', () => {
  const workedMs = stopwatch();
  const blocks = filled(4_000_000, () => 'y', { chars: 4 * 1024 * 1024, lines: 5_000_000 });
  expect(workedMs()).toBeLessThan(10_000);
  expect(blocks.chars).toBeLessThan(5 * 1024 * 1024);
});

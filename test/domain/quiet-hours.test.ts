/** Quiet hours: when a call waits, and until when; over midnight, weekends and changes of the clock. */
import { describe, expect, test } from '@jest/globals';
import { zoneOffsets } from '../../src/config/time-zone.ts';
import type { QuietHours } from '../../src/domain/policy.ts';
import { quietUntil } from '../../src/domain/quiet-hours.ts';

const night: QuietHours = { hours: { from: 22 * 60, to: 7 * 60 }, timeZone: 'Europe/Berlin' };
const noon: QuietHours = { hours: { from: 12 * 60, to: 13 * 60 + 30 }, timeZone: 'UTC' };
const weekend: QuietHours = { weekends: true, timeZone: 'Europe/Berlin' };
const both: QuietHours = { ...night, weekends: true };

const at = (text: string): number => Date.parse(text);
const berlin = zoneOffsets('Europe/Berlin', at('2026-01-01T00:00:00Z'));

function endOf(quiet: QuietHours, text: string, offsets = berlin): string | undefined {
  const end = quietUntil(quiet, offsets, at(text));
  return end === undefined ? undefined : new Date(end).toISOString();
}

describe('the end of the quiet hours', () => {
  test.each([
    ['before them', night, '2026-01-14T20:59:59Z', undefined],
    ['at their start', night, '2026-01-14T21:00:00Z', '2026-01-15T06:00:00.000Z'],
    ['after midnight', night, '2026-01-15T05:59:30Z', '2026-01-15T06:00:00.000Z'],
    ['at their end', night, '2026-01-15T06:00:00Z', undefined],
    ['in summer', night, '2026-07-14T20:30:00Z', '2026-07-15T05:00:00.000Z'],
    ['on Saturday', weekend, '2026-01-17T12:00:00Z', '2026-01-18T23:00:00.000Z'],
    ['in the last minute of Friday', weekend, '2026-01-16T22:59:00Z', undefined],
    ['from Friday night to Monday morning', both, '2026-01-16T21:00:00Z', '2026-01-19T06:00:00.000Z'],
    ['while the clocks go forward', night, '2026-03-28T22:00:00Z', '2026-03-29T05:00:00.000Z'],
    ['while the clocks go back', night, '2026-10-24T21:00:00Z', '2026-10-25T06:00:00.000Z'],
  ] as const)('%s', (...[, quiet, when, end]) => {
    expect(endOf(quiet, when)).toBe(end);
  });

  test('within one day, without an offset', () => {
    expect(endOf(noon, '2026-01-15T12:00:00Z', [])).toBe('2026-01-15T13:30:00.000Z');
    expect(endOf(noon, '2026-01-15T13:30:00Z', [])).toBeUndefined();
  });

  test('nothing is quiet at the end, whenever it begins', () => {
    for (let hour = 0; hour < 24 * 400; hour += 1) {
      const from = at('2026-01-01T00:17:23Z') + hour * 3_600_000;
      const end = quietUntil(both, berlin, from);
      if (end === undefined) continue;
      expect(end).toBeGreaterThan(from);
      expect(quietUntil(both, berlin, end)).toBeUndefined();
      expect(end - from).toBeLessThan(60 * 3_600_000);
    }
  });
});

describe('the offsets of a zone', () => {
  test('are those of its clocks, to the minute', () => {
    expect(berlin.slice(0, 3)).toEqual([
      { from: at('2026-01-01T00:00:00Z'), minutes: 60 },
      { from: at('2026-03-29T01:00:00Z'), minutes: 120 },
      { from: at('2026-10-25T01:00:00Z'), minutes: 60 },
    ]);
    expect(berlin).toHaveLength(5);
  });

  test.each([
    ['UTC', 0],
    ['Asia/Kolkata', 330],
    ['America/St_Johns', -210],
  ])('%s', (zone, minutes) => {
    expect(zoneOffsets(zone, at('2026-01-01T00:00:00Z'))[0]?.minutes).toBe(minutes);
  });
});

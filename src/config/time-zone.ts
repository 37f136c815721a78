/** The offsets of a time zone as data: workflow code decides by them, and may not depend on the tables of its host. */
import type { ZoneOffset } from '../domain/state/calls.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** A life that waits longer keeps the last offset until its policy is read again. */
const DAYS_AHEAD = 2 * 366;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** The offset at `now` and each change in the next two years. Throws `RangeError` for an unknown name. */
export function zoneOffsets(timeZone: string, now: number): readonly ZoneOffset[] {
  const offsetAt = offsetReader(timeZone);
  const offsets: ZoneOffset[] = [{ from: now, minutes: offsetAt(now) }];
  for (let day = 1; day <= DAYS_AHEAD; day += 1) {
    const at = now + day * DAY_MS;
    const minutes = offsetAt(at);
    if (minutes !== offsets.at(-1)?.minutes)
      offsets.push({ from: changeIn(offsetAt, at - DAY_MS, at), minutes });
  }
  return offsets;
}

/** The first minute with the offset of `to`. */
function changeIn(offsetAt: (at: number) => number, from: number, to: number): number {
  let [before, after] = [Math.floor(from / MINUTE_MS), Math.ceil(to / MINUTE_MS)];
  const minutes = offsetAt(to);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle * MINUTE_MS) === minutes) after = middle;
    else before = middle;
  }
  return after * MINUTE_MS;
}

function offsetReader(timeZone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return at => {
    const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
    const [, sign, hours = '0', minutes = '0'] = /^GMT(?:([+-])(\d{2}):(\d{2}))?/.exec(name) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  };
}

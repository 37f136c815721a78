/** Quiet hours: whether a moment is in them, and when they end. A pure function of the policy and the zone's offsets. */
import type { QuietHours } from './policy.ts';
import type { ZoneOffset } from './state/calls.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
/** 1 January 1970 was a Thursday; Sunday is 0. */
const FIRST_WEEKDAY = 4;
/** A weekend with two changes of the clock has fewer boundaries. */
const BOUNDARIES_MAX = 20;

/** The end of the quiet hours that contain the moment; undefined if it is in none. Epoch milliseconds. */
export function quietUntil(
  quiet: QuietHours,
  offsets: readonly ZoneOffset[],
  at: number,
): number | undefined {
  if (!isQuiet(quiet, localMinute(offsets, at))) return undefined;
  let end = at;
  for (let count = 0; count < BOUNDARIES_MAX && isQuiet(quiet, localMinute(offsets, end)); count += 1)
    end = nextBoundary(quiet, offsets, end);
  return end;
}

/** Minutes since 1970 on the clocks of the zone. */
function localMinute(offsets: readonly ZoneOffset[], at: number): number {
  const minutes = (offsets.findLast(({ from }) => from <= at) ?? offsets[0])?.minutes ?? 0;
  return Math.floor(at / MINUTE_MS) + minutes;
}

function isQuiet({ hours, weekends }: QuietHours, local: number): boolean {
  const weekday = (FIRST_WEEKDAY + Math.floor(local / DAY_MINUTES)) % 7;
  if (weekends === true && (weekday === 0 || weekday === 6)) return true;
  if (hours === undefined) return false;
  const minute = local % DAY_MINUTES;
  const { from, to } = hours;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

/** Midnight, the end of the hours, or a change of the clock: whichever comes first. */
function nextBoundary({ hours }: QuietHours, offsets: readonly ZoneOffset[], at: number): number {
  const minute = localMinute(offsets, at) % DAY_MINUTES;
  const start = Math.floor(at / MINUTE_MS) * MINUTE_MS;
  const toEnd = ((hours?.to ?? 0) - minute + DAY_MINUTES) % DAY_MINUTES;
  const later = [DAY_MINUTES - minute, toEnd === 0 ? DAY_MINUTES : toEnd];
  const changes = offsets.flatMap(({ from }) => (from > at ? [from] : []));
  return Math.min(...later.map(minutes => start + minutes * MINUTE_MS), ...changes);
}

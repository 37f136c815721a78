/** Where an issue stands in the line, in words. */
import { utcTime } from '../utc-time.ts';
import type { LineView, PlaceView, TargetLine } from './view.ts';

/** How many of those before it are named. */
const NAMED_MAX = 5;

/** “place 3 of 5 in the line of main, behind #12 and #15”; `undefined` if the issue is not in the line. */
export function placeText({ targets }: LineView, issue: number): string | undefined {
  for (const { target, places } of targets) {
    const mine = places.find(place => place.issue === issue);
    if (mine !== undefined) return textOf({ target, places }, mine);
  }
  return undefined;
}

function textOf({ target, places }: TargetLine, { place, turnSince }: PlaceView): string {
  const where = `place ${place} of ${places.length} in the line of ${target}`;
  if (turnSince !== null) return `${where}: its turn since ${utcTime(turnSince)}`;
  const before = places.filter(other => other.place < place).map(({ issue }) => `#${issue}`);
  return before.length === 0 ? where : `${where}, behind ${named(before)}`;
}

/** What a change in the line waits for: “its turn to be merged into main since …”. `since`: epoch milliseconds. */
export function turnText({ target, since }: { readonly target: string; readonly since: number }): string {
  return `its turn to be merged into ${target} since ${utcTime(since)}`;
}

/** “#12, #15 and 3 more”. */
function named(before: readonly string[]): string {
  const shown = before.slice(0, NAMED_MAX);
  const rest = before.length - shown.length;
  const last = rest === 0 ? shown.at(-1) : `${rest} more`;
  const first = rest === 0 ? shown.slice(0, -1) : shown;
  return first.length === 0 ? (last ?? '') : `${first.join(', ')} and ${last ?? ''}`;
}

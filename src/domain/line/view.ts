/** A line as the CLI and the Web UI show it. */
import { repositoryName } from '../issue-ref.ts';
import { utcTime } from '../utc-time.ts';
import { inOrder, targetsOf, turnAt } from './order.ts';
import type { LineState, WaitingChange } from './state.ts';

export interface LineView {
  /** `owner/repo`. */
  readonly repository: string;
  /** By name of the branch; empty if nobody waits. */
  readonly targets: readonly TargetLine[];
}

export interface TargetLine {
  readonly target: string;
  /** In the order in which they are merged. */
  readonly places: readonly PlaceView[];
}

export interface PlaceView extends WaitingChange {
  /** 1: the next one to be merged. */
  readonly place: number;
  /** Since when it has the turn, in epoch milliseconds; `null` while it waits. */
  readonly turnSince: number | null;
}

export function lineView(state: LineState): LineView {
  return {
    repository: repositoryName(state.repository),
    targets: targetsOf(state).map(target => ({ target, places: placesOf(state, target) })),
  };
}

function placesOf(state: LineState, target: string): readonly PlaceView[] {
  const turn = turnAt(state, target);
  return inOrder(state, target).map((one, index) => ({
    ...one,
    place: index + 1,
    turnSince: turn?.issue === one.issue && turn.id === one.id ? turn.since : null,
  }));
}

/** How many a text names. */
const SHOWN_MAX = 50;

/** Markdown for the Web UI's current details. */
export function lineDetails(state: LineState): string {
  const { targets } = lineView(state);
  if (targets.length === 0) return 'Nobody waits to be merged.';
  return targets
    .flatMap(({ target, places }) => [
      `**Merges into \`${target.replace(/[`\r\n]/g, '?')}\`: ${places.length}**`,
      '',
      ...places.slice(0, SHOWN_MAX).map(placeLine),
      ...(places.length > SHOWN_MAX ? [`- and ${places.length - SHOWN_MAX} more`] : []),
      '',
    ])
    .join('\n');
}

function placeLine({ place, issue, head, approvedAt, turnSince }: PlaceView): string {
  const turn = turnSince === null ? '' : `, has the turn since ${utcTime(turnSince)}`;
  return `${place}. #${issue} at \`${head.slice(0, 12)}\`, approved ${utcTime(approvedAt)}${turn}`;
}

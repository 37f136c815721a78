/** What was handed over to GitHub to be merged: whether GitHub has it, and when it is looked at again. Pure. */
import { delayNow } from './delay.ts';
import type { HandOverWay } from './policy.ts';
import { pollMs } from './poll.ts';
import type { IssueState } from './state.ts';
import type { MergeHandOver } from './state/publication.ts';

/** A queue merges within hours. Later, people must find out what it waits for. */
const PATIENCE_MS = 24 * 3_600_000;
const POLL_MS = { min: 60_000, max: 30 * 60_000 } as const;

export const WAY_WORDS: Readonly<Record<HandOverWay, string>> = {
  queue: "GitHub's merge queue",
  'auto-merge': "GitHub's auto-merge",
};

/** Whether GitHub has it, or may have it. Closing a pull request takes it back. */
export function isHandedOver<State extends Pick<IssueState, 'handOver' | 'merge' | 'pullRequest'>>(
  state: State,
): state is State & { readonly handOver: MergeHandOver } {
  const { handOver, merge, pullRequest } = state;
  if (handOver === undefined || merge !== undefined || pullRequest?.state !== 'open') return false;
  return handOver.returned === undefined && handOver.isNeedless !== true;
}

/** When it is looked at without news, in epoch milliseconds. A look that is delayed is not made before its time. */
export function handOverPolledAt(state: IssueState, { at, readAt }: MergeHandOver): number {
  const polledAt = readAt + pollMs(readAt - at, POLL_MS);
  return Math.max(polledAt, delayNow(state, 'look')?.until ?? 0);
}

/** From then on people are asked, in epoch milliseconds. */
export function handOverLateAt({ at }: MergeHandOver): number {
  return at + PATIENCE_MS;
}

/** For people: where it is, and its place there. */
export function handOverText({ way, position }: MergeHandOver): string {
  return `${WAY_WORDS[way]}${position === undefined ? '' : `, place ${position}`}`;
}

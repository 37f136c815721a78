/** What keeps failing for a reason that may pass: since when, why, and when it is tried again. */
import { omit } from './omit.ts';
import type { IssueState } from './state.ts';
import type { Delay, DelayedKind } from './state/delays.ts';
import { utcTime } from './utc-time.ts';

/** How one effect or one piece of upkeep did not succeed this time. */
export interface DelayFacts {
  readonly since: number;
  readonly reason: string;
  /** The time that the service named, in epoch milliseconds. */
  readonly limitEnds?: number;
}

const MINUTE_MS = 60_000;
/**
 * Pauses until the next try when GitHub names no time. Temporal has retried for about ten minutes before the first one; the
 * last is what people still accept to wait after they fixed the cause, and costs four tries an hour.
 */
const PAUSES_MS = [MINUTE_MS, 2 * MINUTE_MS, 5 * MINUTE_MS] as const;
export const LONGEST_PAUSE_MS = 15 * MINUTE_MS;
const REASON_CHARS_MAX = 400;

/** These wait for no answer of GitHub's API. */
const WITHOUT_GITHUB: readonly DelayedKind[] = [
  'run-agent',
  'verify-change',
  'verify-candidate',
  'build-change',
  'build-candidate',
  'build-ahead',
  'verify-ahead',
  'assemble-evidence',
  'archive-audit',
  'join-line',
  'leave-line',
];

export function delayOf({ delays = [] }: IssueState, kind: DelayedKind): Delay | undefined {
  return delays.find(delay => delay.kind === kind);
}

/** Why it is not tried now: its own delay, or a limit of GitHub that another one met. */
export function delayNow(state: IssueState, kind: DelayedKind): Delay | undefined {
  const { delays = [], at } = state;
  const meets = (delay: Delay): boolean =>
    delay.kind === kind || (delay.limit === true && ![delay.kind, kind].some(isWithoutGitHub));
  return delays.find(delay => meets(delay) && at < delay.until);
}

function isWithoutGitHub(kind: DelayedKind): boolean {
  return WITHOUT_GITHUB.includes(kind);
}

export function withDelay(state: IssueState, kind: DelayedKind, facts: DelayFacts): IssueState {
  const before = delayOf(state, kind);
  const times = (before?.times ?? 0) + 1;
  const { limitEnds } = facts;
  const delay: Delay = {
    kind,
    since: before?.since ?? facts.since,
    reason: facts.reason.slice(0, REASON_CHARS_MAX),
    until: limitEnds ?? state.at + (PAUSES_MS[times - 1] ?? LONGEST_PAUSE_MS),
    times,
    ...(limitEnds === undefined ? {} : { limit: true }),
  };
  return { ...state, delays: [...others(state, kind), delay] };
}

/** It has ended some other way, or is no longer wanted. */
export function withoutDelay(state: IssueState, kind: DelayedKind): IssueState {
  return delayOf(state, kind) === undefined ? state : withDelays(state, others(state, kind));
}

export function withDelays(state: IssueState, delays: readonly Delay[]): IssueState {
  return delays.length === 0 ? omit(state, 'delays') : { ...state, delays };
}

/** A person asks for a try at once. */
export function hastened(state: IssueState): IssueState {
  const { delays = [], at } = state;
  return withDelays(
    state,
    delays.map(delay => ({ ...delay, until: Math.min(delay.until, at) })),
  );
}

export function delayLine({ kind, since, reason }: Delay): string {
  return `${kind} has not succeeded since ${utcTime(since)}: ${reason}`;
}

export function nextTryLine({ limit, until }: Delay): string {
  return limit === true
    ? `it is tried again by itself at ${utcTime(until)}`
    : `it is tried again by itself, at least every ${LONGEST_PAUSE_MS / MINUTE_MS} minutes`;
}

function others({ delays = [] }: IssueState, kind: DelayedKind): readonly Delay[] {
  return delays.filter(delay => delay.kind !== kind);
}

/** Reads what others send to a line. Anybody who can reach the namespace can: what does not fit is dropped, never guessed. */
import { fieldsOf } from '../decision-request.ts';
import type { ChangeBefore } from '../state/ahead.ts';
import { AHEAD_MAX } from './ahead.ts';
import type { LineEventBody } from './event.ts';
import type { JoinRequest } from './state.ts';

const WORD_CHARS_MAX = 300;
/** An issue has few places to give up at once. */
const IDS_MAX = 20;

export function readJoin(payload: unknown): LineEventBody | undefined {
  const { id, issue, target, head, approvedAt, ahead } = fieldsOf(payload);
  if (!isNumber(issue) || typeof approvedAt !== 'number' || !Number.isFinite(approvedAt)) return undefined;
  if (!isWord(id) || !isWord(target) || !isWord(head)) return undefined;
  const near = isNumber(ahead) ? { ahead: Math.min(ahead, AHEAD_MAX) } : {};
  const request: JoinRequest = { id, issue, target, head, approvedAt, ...near };
  return { type: 'joined', request };
}

export function readLeave(payload: unknown): LineEventBody | undefined {
  const { issue, ids } = fieldsOf(payload);
  if (!isNumber(issue) || !Array.isArray(ids)) return undefined;
  const words = ids.slice(0, IDS_MAX).filter(isWord);
  return words.length === 0 ? undefined : { type: 'left', issue, ids: words };
}

/** The id in a signal `turn`. */
export function readTurn(payload: unknown): string | undefined {
  const { id } = fieldsOf(payload);
  return isWord(id) ? id : undefined;
}

/** What a signal `ahead` says. */
export function readAhead(payload: unknown): AheadGiven | undefined {
  const { id, before } = fieldsOf(payload);
  if (!isWord(id) || !Array.isArray(before) || before.length > AHEAD_MAX) return undefined;
  const changes = before.flatMap(one => readChangeBefore(one) ?? []);
  return changes.length === before.length ? { id, before: changes } : undefined;
}

export interface AheadGiven {
  /** Of the place. */
  readonly id: string;
  /** In their order; none: nothing is verified ahead. */
  readonly before: readonly ChangeBefore[];
}

function readChangeBefore(value: unknown): ChangeBefore | undefined {
  const { issue, head } = fieldsOf(value);
  return isNumber(issue) && isWord(head) ? { issue, head } : undefined;
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= WORD_CHARS_MAX;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

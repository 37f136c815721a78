/** Reads what others send to a line. Anybody who can reach the namespace can: what does not fit is dropped, never guessed. */
import { fieldsOf } from '../decision-request.ts';
import type { LineEventBody } from './event.ts';
import type { JoinRequest } from './state.ts';

const WORD_CHARS_MAX = 300;
/** An issue has few places to give up at once. */
const IDS_MAX = 20;

export function readJoin(payload: unknown): LineEventBody | undefined {
  const { id, issue, target, head, approvedAt } = fieldsOf(payload);
  if (!isNumber(issue) || typeof approvedAt !== 'number' || !Number.isFinite(approvedAt)) return undefined;
  if (!isWord(id) || !isWord(target) || !isWord(head)) return undefined;
  const request: JoinRequest = { id, issue, target, head, approvedAt };
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

function isWord(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= WORD_CHARS_MAX;
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) > 0;
}

/** Whether a function takes time in proportion to its input: sixteen times the text may cost forty times the time. */

import { stopwatch } from '../support/processor-time.ts';

/** GitHub's limit for an issue or a comment. */
export const CHARS_MAX = 65_536;
const TIMES = 16;
const COST_TIMES_MAX = 40;
/** Faster than this is fast enough; slower than that is too slow in any case. */
const FAST_MS = 500;
const SLOW_MS = 3_000;

export function runOf(piece: string, chars: number): string {
  return piece.repeat(Math.ceil(chars / piece.length)).slice(0, chars);
}

/** What is wrong with the time that the function takes for a long run of the piece; undefined if nothing is. */
export function workProblem(read: (text: string) => unknown, piece: string): string | undefined {
  if (isPlainlyFast(read, piece)) return undefined;
  const long = runOf(piece, CHARS_MAX);
  if (msOf(read, long) <= FAST_MS) return undefined;
  const longMs = bestOf(read, long);
  const shortMs = bestOf(read, runOf(piece, CHARS_MAX / TIMES));
  if (longMs <= FAST_MS) return undefined;
  const rounded = `${Math.round(longMs)} ms for ${CHARS_MAX} characters, ${shortMs.toFixed(1)} ms for a ${TIMES}th of them`;
  return longMs > SLOW_MS || longMs > COST_TIMES_MAX * shortMs ? rounded : undefined;
}

/** Even with the cube of the length, the whole text would not be too slow. */
function isPlainlyFast(read: (text: string) => unknown, piece: string): boolean {
  return msOf(read, runOf(piece, CHARS_MAX / 4)) <= SLOW_MS / 4 ** 3;
}

/** The best of three: the first ones may be compiled, or collect what others left. */
function bestOf(read: (text: string) => unknown, text: string): number {
  return Math.min(...[1, 2, 3].map(() => msOf(read, text)));
}

function msOf(read: (text: string) => unknown, text: string): number {
  const workedMs = stopwatch();
  read(text);
  return workedMs();
}

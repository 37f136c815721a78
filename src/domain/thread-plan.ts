/** What is to be said in a thread of the pull request. */
import type { ThreadMark } from './observation.ts';

/** An answer in a thread of the pull request. */
export interface ThreadAnswer extends ThreadMark {
  /** Part of the body: finds the answer again. */
  readonly marker: string;
  readonly body: string;
}

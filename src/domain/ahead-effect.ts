/** Effects that build and verify a change before its turn in the line of merges. */
import type { ChangeBefore } from './state/ahead.ts';
import type { ChangedFile } from './state/work.ts';

export type AheadEffect =
  /** The merge of the target branch, the heads that are merged before, and the head. */
  | {
      readonly kind: 'build-ahead';
      /** Of the place in the line of merges. */
      readonly id: string;
      readonly target: string;
      readonly before: readonly ChangeBefore[];
      readonly head: string;
    }
  | {
      readonly kind: 'verify-ahead';
      readonly runId: string;
      readonly id: string;
      readonly base: string;
      readonly before: readonly ChangeBefore[];
      readonly head: string;
      readonly tree: string;
      readonly files: readonly ChangedFile[];
    };

/** Who orders merges: `merge.handOver` and `merge.line`, with how many of the next ones are verified ahead. */
import { z } from 'zod';
import { HAND_OVER_WAYS } from '../domain/policy.ts';

export const mergeHandOver = z
  .enum(['none', ...HAND_OVER_WAYS])
  .default('none')
  .describe(
    'who merges what is approved, with `by: scheduler`. `none`: the scheduler. `queue`: the merge queue that the rules of the target branch require; its own settings say how it merges, and `upToDate: false` is enough. `auto-merge`: GitHub, as soon as the rules of the branch are met; the setting “Allow auto-merge” is needed. Both are followed, and taken back when the approval is void, changes are asked for, or somebody pauses or cancels',
  );

export const mergeLine = z
  .union([z.boolean(), z.strictObject({ ahead: z.int().min(0).max(3) })])
  .default(true)
  .describe(
    '`true`: approved changes are merged one at a time, in the order of their approvals, so that each is verified once on the branch as it is then. Applies where the scheduler merges and `upToDate` is not `false`. `ahead: 1` (at most 3): so many of the next ones are verified while they wait, each on what those before it will make; a free runner is used for that. `ahead: 0` is `true`',
  );

/** A policy with the default has the digest that it always had. */
export function mergeLineOf(line: boolean | { readonly ahead: number }): {
  readonly line?: false | { readonly ahead: number };
} {
  if (typeof line === 'boolean') return line ? {} : { line };
  return line.ahead === 0 ? {} : { line };
}

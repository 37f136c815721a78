/** What one review says on lines of the diff, as the artifact store has it between the look and the run. */
import { z } from 'zod';

export const reviewLinesSchema = z.strictObject({
  version: z.literal(1),
  by: z.string(),
  comments: z.array(
    z.strictObject({
      /** The id of the first comment of its thread. */
      thread: z.number(),
      path: z.string(),
      /** Lines of the file as the diff shows them; absent for a comment on the whole file. `LEFT`: before the change. */
      lines: z.strictObject({ from: z.number(), to: z.number(), side: z.enum(['LEFT', 'RIGHT']) }).optional(),
      /** The end of the part of the diff above the comment. */
      hunk: z.string(),
      words: z.string(),
    }),
  ),
  /** Comments of the review that are not here. */
  more: z.number(),
});

export type ReviewLines = Readonly<z.infer<typeof reviewLinesSchema>>;
export type LineComment = Readonly<ReviewLines['comments'][number]>;

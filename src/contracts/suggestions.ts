/** What one review suggests, as the artifact store has it between the look and the step that applies it. */
import { z } from 'zod';

export const suggestionsSchema = z.strictObject({
  version: z.literal(1),
  edits: z.array(
    z.strictObject({
      path: z.string(),
      /** 1-based; both lines are replaced too. */
      from: z.number(),
      to: z.number(),
      /** Each line ends with a line feed. Empty: the lines are deleted. */
      text: z.string(),
    }),
  ),
});

export type Suggestions = Readonly<z.infer<typeof suggestionsSchema>>;

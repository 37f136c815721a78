/** What an agent may tell while it works, one JSON object on a line of its own: a command that begins or ends. A claim only. */
import { z } from 'zod';

/** A longer line is talk: nobody parses what has no end. */
export const agentEventBytesMax = 64 * 1024;

export const agentEventSchema = z.strictObject({
  signalbox: z.literal('command'),
  id: z.string().min(1).max(200).describe('The same at the beginning and at the end of a command'),
  command: z.string().min(1).max(4_000),
  ended: z
    .strictObject({
      exitCode: z.int().nullable().describe('null: it has none, or it is not known'),
      output: z.string().describe('What it printed; the evidence keeps the digest of it'),
    })
    .optional()
    .describe('Only at the end'),
});

export type AgentEvent = Readonly<z.infer<typeof agentEventSchema>>;

/** Undefined for whatever is not exactly that: it is talk, and nothing is repaired. */
export function parseAgentEvent(line: string): AgentEvent | undefined {
  if (!line.startsWith('{') || Buffer.byteLength(line) > agentEventBytesMax) return undefined;
  try {
    return agentEventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The published JSON Schema of such a line, for authors of `command` agents. */
export function agentEventJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(agentEventSchema);
}

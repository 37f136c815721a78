/** An event that an agent may print while it works: a command starts or ends. One JSON object per line; only a claim. */
import { z } from 'zod';

/** A longer line is ordinary output and is not parsed. */
export const AGENT_EVENT_BYTES_MAX = 64 * 1024;

export const agentEventSchema = z.strictObject({
  signalbox: z.literal('command'),
  id: z.string().min(1).max(200).describe('The same for the start and the end of a command'),
  command: z.string().min(1).max(4_000),
  ended: z
    .strictObject({
      exitCode: z.int().nullable().describe('null if the command has no exit code or it is unknown'),
      output: z.string().describe('The output of the command; the evidence keeps its digest'),
    })
    .optional()
    .describe('Present only when the command has ended'),
});

export type AgentEvent = Readonly<z.infer<typeof agentEventSchema>>;

/** Returns undefined for anything else: the line is ordinary output. Nothing is repaired. */
export function parseAgentEvent(line: string): AgentEvent | undefined {
  // Most output that is no event ends here, without an exception.
  if (!line.startsWith('{') || !line.trimEnd().endsWith('}')) return undefined;
  if (Buffer.byteLength(line) > AGENT_EVENT_BYTES_MAX) return undefined;
  try {
    return agentEventSchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

/** The published JSON Schema of an event, for authors of `command` agents. */
export function agentEventJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(agentEventSchema);
}

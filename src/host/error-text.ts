/** What an error says, for a log or for one line of a message. */

export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function firstLine(text: string): string {
  return text.split('\n')[0] ?? text;
}

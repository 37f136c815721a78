/** Hands a text or bytes to a process that may not want them. */
import type { Writable } from 'node:stream';

export function give(pipe: Writable | null | undefined, content: string | Uint8Array): void {
  // A command that does not read its input, or died, is no error of ours.
  pipe?.on('error', () => undefined);
  pipe?.end(content);
}

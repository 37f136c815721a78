/** Writes text or bytes to a process that may not read them. */
import type { Writable } from 'node:stream';

export function give(pipe: Writable | null | undefined, content: string | Uint8Array): void {
  // A command may ignore its input or exit early: not an error here.
  pipe?.on('error', () => undefined);
  pipe?.end(content);
}

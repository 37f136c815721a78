/** Where the checkout is, how scripts talk (stderr), and how they fail in one line. */
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

export const inRoot = (...parts) => path.join(root, ...parts);

export function say(text) {
  process.stderr.write(`signalbox: ${text}\n`);
}

/** A failure whose message is all a person needs: no stack is shown. */
export function expectedFailure(message) {
  return Object.assign(new Error(message), { expected: true });
}

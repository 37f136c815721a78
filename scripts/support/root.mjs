/** The root of the checkout, log output (stderr), and failures of one line. */
import { fileURLToPath } from 'node:url';
import path from 'node:path';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** @param {string[]} parts */
export const inRoot = (...parts) => path.join(root, ...parts);

/** @param {string} text */
export function say(text) {
  process.stderr.write(`signalbox: ${text}\n`);
}

/**
 * A failure whose message is sufficient: its stack is not shown.
 * @param {string} message
 */
export function expectedFailure(message) {
  return Object.assign(new Error(message), { expected: true });
}

/**
 * The text that a person sees for a thrown value.
 * @param {unknown} error
 */
export function failureText(error) {
  if (!(error instanceof Error)) return String(error);
  return 'expected' in error ? error.message : (error.stack ?? error.message);
}

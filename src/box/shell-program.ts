/** Programs for the shell stand in files of their own, where a test and other tools can check them. */
import { readFileSync } from 'node:fs';

/** The text for `sh -c`: the box that runs it may not see the file. */
export function shellProgram(file: URL): string {
  return readFileSync(file, 'utf8');
}

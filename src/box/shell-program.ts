/** Shell programs are separate files, so that a test and other tools can check them. */
import { readFileSync } from 'node:fs';

/** The text for `sh -c`, because the box may not see the file. */
export function shellProgram(file: URL): string {
  return readFileSync(file, 'utf8');
}

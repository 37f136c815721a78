/** The sources of the rules, all of them: a new file is there without a line here. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export const RULES = 'src/domain';

export function rulesFiles(): readonly string[] {
  return readdirSync(RULES, { recursive: true, encoding: 'utf8' })
    .filter(file => file.endsWith('.ts'))
    .toSorted();
}

export function rulesText(file: string): string {
  return readFileSync(join(RULES, file), 'utf8');
}

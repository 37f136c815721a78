/** All sources of the rules, found by directory. */
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

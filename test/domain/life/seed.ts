/**
 * The seed of every generated test of the rules. It follows from them: the same rules are always judged by the same
 * cases, each change of them by others. Another one: SIGNALBOX_TEST_SEED. A failure prints the seed that it had.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const RULES = 'src/domain';

export const SEED = Number(process.env['SIGNALBOX_TEST_SEED'] ?? seedOfRules());

function seedOfRules(): number {
  const hash = createHash('sha256');
  const files = readdirSync(RULES, { recursive: true, encoding: 'utf8' }).filter(file =>
    file.endsWith('.ts'),
  );
  for (const file of files.toSorted()) hash.update(readFileSync(join(RULES, file)));
  return hash.digest().readUInt32BE() >>> 1;
}

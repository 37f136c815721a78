/**
 * The seed of every generated test of the rules. It is derived from their sources: unchanged rules are always tested by
 * the same cases, and every change brings new ones. SIGNALBOX_TEST_SEED sets another. A failure prints its seed.
 */
import { createHash } from 'node:crypto';
import process from 'node:process';
import { rulesFiles, rulesText } from '../mutants/rules.ts';

export const SEED = Number(process.env['SIGNALBOX_TEST_SEED'] ?? seedOfRules());

function seedOfRules(): number {
  const hash = createHash('sha256');
  for (const file of rulesFiles()) hash.update(rulesText(file));
  return hash.digest().readUInt32BE() >>> 1;
}

/**
 * `npm run mutants`: breaks each guard of the rules, one at a time, and shows which invariant finds it. Exit code 1 when a
 * mutant survives, is found by another invariant than it names, or does not apply to the code any more.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { useMutations } from '../test/domain/mutants/loader.mjs';
import { inRoot } from './support/root.mjs';

const HELP = `npm run mutants -- [options]
  --only <text>   only mutants whose guard or file contains the text
  --one-each      one mutant for each file and invariant: the part that npm test runs
  --list <file>   another list of mutants
  --json          one object per mutant, and a last one of type summary
  --help          this text
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'one-each': { type: 'boolean', default: false },
    list: { type: 'string', default: 'test/domain/mutants/list.ts' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await main();

async function main() {
  const startedAt = Date.now();
  const { MUTANTS } = await import(pathToFileURL(inRoot(values.list)).href);
  const mutants = chosen(MUTANTS);
  useMutations(mutants.map(({ file, find, replace }) => ({ file: urlOf(file), find, replace })));
  const counts = { killed: 0, failed: 0 };
  const baseline = await tried('none', undefined);
  if (baseline.broken !== undefined) {
    process.stderr.write(`the rules as they are break “${baseline.broken}”: ${baseline.what}\n`);
    process.exitCode = 1;
    return;
  }
  for (const [number, mutant] of mutants.entries()) {
    const outcome = applies(mutant) ? outcomeOf(mutant, await tried(number, mutant)) : 'does not apply';
    counts[outcome === 'killed' ? 'killed' : 'failed'] += 1;
    print({ ...mutant, outcome });
  }
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  summarise({ mutants: mutants.length, ...counts, seconds: Number(seconds) });
}

function chosen(all) {
  const named = all.filter(({ guard, file }) => `${guard} ${file}`.includes(values.only));
  if (!values['one-each']) return named;
  const firsts = new Map();
  for (const mutant of named) {
    const key = `${mutant.file} ${mutant.breaks}`;
    if (!firsts.has(key)) firsts.set(key, mutant);
  }
  return [...firsts.values()];
}

/** Exactly once: a mutant that has lost its place, or has two, says nothing. */
function applies({ file, find }) {
  return readFileSync(inRoot('src/domain', file), 'utf8').split(find).length === 2;
}

async function tried(number, mutant) {
  const module = `${pathToFileURL(inRoot('test/domain/mutants/trial.ts')).href}?mutant=${number}`;
  try {
    const { tryRules } = await import(module);
    return tryRules(mutant?.seen);
  } catch (error) {
    return { broken: 'an error', what: error.stack };
  }
}

function outcomeOf({ breaks }, { broken, what }) {
  if (broken === breaks) return 'killed';
  return broken === undefined ? 'SURVIVED' : `broke “${broken}” instead: ${what}`;
}

function urlOf(file) {
  return pathToFileURL(inRoot('src/domain', file)).href;
}

function print({ guard, file, breaks, seen = 'generated sequences', outcome }) {
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ type: 'mutant', guard, file, breaks, seen, outcome })}\n`);
    return;
  }
  process.stdout.write(
    `${outcome === 'killed' ? 'killed' : 'FAILED'} | ${file} | ${guard} | ${breaks} | ${seen}\n`,
  );
  if (outcome !== 'killed') process.stdout.write(`       ${outcome}\n`);
}

function summarise(summary) {
  const { mutants, killed, failed, seconds } = summary;
  if (values.json) process.stdout.write(`${JSON.stringify({ type: 'summary', ...summary })}\n`);
  else
    process.stdout.write(`${killed} of ${mutants} mutants killed by the invariant they name, ${seconds} s\n`);
  if (failed > 0 || mutants === 0) process.exitCode = 1;
}

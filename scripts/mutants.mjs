/**
 * `npm run mutants`: breaks each guard of the rules, one at a time, and shows which invariant finds it. Exits with 1 when
 * a mutant survives, when another invariant than the one in the table finds it, or when rules and table differ.
 */
/** @import { Guarded } from '../test/domain/mutants/mutants.ts' */
/** @import { Kill, Row } from '../test/domain/mutants/table.ts' */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { useSources } from '../test/domain/mutants/loader.mjs';
import { Bench } from '../test/domain/mutants/bench.ts';
import { Hunter, outcomeOf } from '../test/domain/mutants/hunt.ts';
import { mutantsOfRules } from '../test/domain/mutants/mutants.ts';
import { readTable, TABLE, tableProblems, tableText, units } from '../test/domain/mutants/table.ts';
import { inRoot } from './support/root.mjs';

const HELP = `npm run mutants -- [options]
  --only <text>    only guards whose name contains the text; with --write, all other rows stay as they are
  --one-each       one guard for each file and invariant: the part that npm test runs
  --write          updates the table: searches a probe for each new deciding guard and each outdated row
  --again          with --write: also searches for guards without a killed mutant; takes about an hour
  --table <file>   use another table
  --json           one object per guard, and a final one of type summary
  --help           this text
`;

const { values } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    'one-each': { type: 'boolean', default: false },
    write: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    table: { type: 'string', default: TABLE },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) process.stdout.write(HELP);
else await main();

async function main() {
  const startedAt = Date.now();
  const { guards, sources } = mutantsOfRules();
  useSources(sources);
  const table = readTable(inRoot(values.table));
  const bench = await Bench.open();
  const rows = values.write ? await written(bench, guards, table) : table;
  const problems = tableProblems(guards, rows);
  for (const problem of problems) print({ type: 'problem', problem }, problem);
  const counts = await checked(bench, guards, rows);
  if (problems.length > 0 || counts.failed > 0 || counts.guards === 0) process.exitCode = 1;
  summarise({ ...counts, units: units(guards).length, seconds: Math.round((Date.now() - startedAt) / 1000) });
}

/**
 * Leaves correct rows unchanged.
 * @param {Bench} bench
 * @param {readonly Guarded[]} guards
 * @param {readonly Row[]} table
 */
async function written(bench, guards, table) {
  const known = new Map(table.map(row => [row.guard, row]));
  const hunter = new Hunter(bench, table);
  /** @type {Row[]} */
  const rows = [];
  for (const guard of guards) {
    if (!guard.name.includes(values.only)) continue;
    const row = await rowOf(guard, known.get(guard.name), { bench, hunter });
    if (guard.decides || row.killed !== undefined) rows.push(row);
  }
  const all = inPlace(guards, table, rows);
  writeFileSync(inRoot(values.table), tableText(all));
  return all;
}

/**
 * The new rows of the guards that `--only` chooses, in the order of the guards. All other rows stay, also those that are
 * outdated: a guard without a row is searched for when it is chosen.
 * @param {readonly Guarded[]} guards
 * @param {readonly Row[]} table
 * @param {readonly Row[]} rows
 */
function inPlace(guards, table, rows) {
  const kept = table.filter(({ guard }) => !guard.includes(values.only));
  const order = new Map(guards.map(({ name }, place) => [name, place]));
  const all = [...kept];
  for (const row of rows) {
    const place = order.get(row.guard) ?? 0;
    const next = all.findIndex(({ guard }) => (order.get(guard) ?? -1) > place);
    all.splice(next === -1 ? all.length : next, 0, row);
  }
  return all;
}

/**
 * @param {Guarded} guard
 * @param {Row | undefined} row
 * @param {{ bench: Bench, hunter: Hunter }} tools
 * @returns {Promise<Row>}
 */
async function rowOf(guard, row, { bench, hunter }) {
  const known = row ?? { guard: guard.name };
  if (known.killed !== undefined)
    return (await outcomeOf(bench, guard, known.killed)).isKilled ? known : await hunter.hunt(guard);
  const isNew = row === undefined && guard.decides;
  return isNew || values.again ? await hunter.hunt(guard) : known;
}

/**
 * @param {Bench} bench
 * @param {readonly Guarded[]} guards
 * @param {readonly Row[]} rows
 */
async function checked(bench, guards, rows) {
  const byName = new Map(guards.map(guard => [guard.name, guard]));
  const counts = { guards: 0, killed: 0, failed: 0, survivors: 0 };
  for (const { guard, killed } of chosen(rows)) {
    const found = byName.get(guard);
    if (found === undefined) continue;
    counts.guards += 1;
    if (killed === undefined) {
      counts.survivors += 1;
      printRow({ guard, outcome: 'survives every probe' });
      continue;
    }
    const { outcome, isKilled } = await outcomeOf(bench, found, killed);
    counts[isKilled ? 'killed' : 'failed'] += 1;
    printRow({ guard, ...killed, outcome });
  }
  return counts;
}

/** @param {readonly Row[]} rows */
function chosen(rows) {
  const named = rows.filter(({ guard }) => guard.includes(values.only));
  if (!values['one-each']) return named;
  /** @type {Map<string, Row>} */
  const firsts = new Map();
  for (const row of named) {
    if (row.killed === undefined) continue;
    const key = `${row.guard.split(' ')[0] ?? ''} ${row.killed.invariant}`;
    if (!firsts.has(key)) firsts.set(key, row);
  }
  return [...firsts.values()];
}

/** @param {{ guard: string, outcome: string } & Partial<Kill>} row */
function printRow({ guard, how, invariant, probe, outcome }) {
  const text = [how, invariant, probe, outcome].filter(part => part !== undefined).join(' | ');
  print({ type: 'guard', guard, how, invariant, probe, outcome }, `${guard} | ${text}`);
}

/** @param {{ guards: number, killed: number, survivors: number, failed: number, units: number, seconds: number }} summary */
function summarise(summary) {
  const { guards, killed, survivors, failed, units: all, seconds } = summary;
  const text = `${guards} guards in ${all} functions and rows: ${killed} killed by their invariant, ${survivors} by none, ${failed} failed; no seed, ${seconds} s`;
  print({ type: 'summary', ...summary }, text);
}

/**
 * @param {object} object
 * @param {string} text
 */
function print(object, text) {
  process.stdout.write(`${values.json ? JSON.stringify(object) : text}\n`);
}

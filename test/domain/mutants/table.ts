/** Which mutant of a guard is killed, by which invariant, in which probe: one line per guard, written by `npm run mutants`. */
import { readFileSync } from 'node:fs';
import type { Guard } from './guards.ts';

export const TABLE = 'test/domain/mutants/table.tsv';
const REGENERATE = 'npm run mutants -- --write';

export interface Row {
  readonly guard: string;
  /** Absent if no probe kills a mutant of the guard. */
  readonly killed?: Kill;
}

export interface Kill {
  readonly how: string;
  readonly invariant: string;
  readonly probe: string;
}

export function readTable(path = TABLE): readonly Row[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [guard = '', how, invariant = '', probe = ''] = line.split('\t');
      return how === undefined ? { guard } : { guard, killed: { how, invariant, probe } };
    });
}

export function tableText(rows: readonly Row[]): string {
  const lines = rows.map(({ guard, killed }) =>
    killed === undefined ? guard : [guard, killed.how, killed.invariant, killed.probe].join('\t'),
  );
  return `${lines.join('\n')}\n`;
}

/** One line for each new or removed guard, and for each unit of the rules without a killed guard. */
export function tableProblems(guards: readonly Guard[], rows: readonly Row[]): readonly string[] {
  const inTable = new Set(rows.map(({ guard }) => guard));
  const inRules = new Set(guards.map(({ name }) => name));
  const added = guards.filter(({ name, decides }) => decides && !inTable.has(name));
  const gone = rows.filter(({ guard }) => !inRules.has(guard));
  return [
    ...added.map(({ name }) => `new guard: ${name}; run ${REGENERATE}`),
    ...gone.map(({ guard }) => `removed guard: ${guard}; run ${REGENERATE}`),
    ...unguarded(guards, rows).map(
      unit => `no probe kills a guard of ${unit}: add a probe, then run ${REGENERATE}`,
    ),
  ];
}

/** The functions that decide, and the rows of tables of rules. */
export function units(guards: readonly Guard[]): readonly string[] {
  return [...new Set(guards.filter(({ decides }) => decides).map(({ unit }) => unit))];
}

function unguarded(guards: readonly Guard[], rows: readonly Row[]): readonly string[] {
  const killed = new Set(rows.filter(row => row.killed !== undefined).map(({ guard }) => guard));
  const found = new Set(guards.filter(({ name }) => killed.has(name)).map(({ unit }) => unit));
  return units(guards).filter(unit => !found.has(unit));
}

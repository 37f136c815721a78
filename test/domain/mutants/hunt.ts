/** Searches for the probe in which a mutant of a guard breaks an invariant. */
import type { Bench } from './bench.ts';
import { type Guarded, mutantOf } from './mutants.ts';
import type { Kill, Row } from './table.ts';

export interface Outcome {
  readonly outcome: string;
  readonly isKilled: boolean;
}

/** Whether the row is still valid: its mutant breaks its invariant in its probe. */
export async function outcomeOf(bench: Bench, guard: Guarded, killed: Kill): Promise<Outcome> {
  const mutant = mutantOf(guard, killed.how);
  if (mutant === undefined) return { outcome: 'the mutant no longer exists', isKilled: false };
  if (!bench.probes.includes(killed.probe)) return { outcome: 'there is no such probe', isKilled: false };
  const verdict = await bench.breaks(mutant.number, [killed.probe]);
  if (verdict === undefined) return { outcome: 'SURVIVED', isKilled: false };
  const isKilled = verdict.invariant === killed.invariant;
  return {
    outcome: isKilled ? 'killed' : `broke “${verdict.invariant ?? ''}” instead: ${verdict.what}`,
    isKilled,
  };
}

/** Enough for most guards. */
const LIKELY = 8;
const NAMED = 1000;
/** Before those that kill one other guard of the file, after those that kill several. */
const NEW = 2;

export class Hunter {
  readonly #bench: Bench;
  readonly #kills = new Map<string, number>();
  /** Probes that kill something; the others are new, and were written for what is hunted now. */
  readonly #proven = new Set<string>();
  readonly #found = new Set<string>();

  constructor(bench: Bench, rows: readonly Row[]) {
    this.#bench = bench;
    for (const row of rows) this.#count(row);
  }

  /** Each mutant is tried on the likely probes first; on all others only for the first killed guard of what decides. */
  async hunt({ name, unit, mutants, decides }: Guarded): Promise<Row> {
    const probes = this.#bench.probes.toSorted((a, b) => this.#rank(name, b) - this.#rank(name, a));
    const isNeeded = decides && !this.#found.has(unit);
    for (const some of [probes.slice(0, LIKELY), isNeeded ? probes.slice(LIKELY) : []])
      for (const { number, how } of mutants) {
        const reaching = some.filter(probe => this.#bench.reaches(probe, number));
        const verdict = await this.#bench.breaks(number, reaching);
        if (verdict?.invariant === undefined) continue;
        const row = { guard: name, killed: { how, invariant: verdict.invariant, probe: verdict.probe } };
        this.#count(row);
        this.#found.add(unit);
        return row;
      }
    return { guard: name };
  }

  /** Probes that name the row come first, then those that kill other guards of the same file. */
  #rank(guard: string, probe: string): number {
    const row = rowOf(guard);
    if (row !== undefined && probe.split(/[ ,]/).includes(row)) return NAMED;
    return this.#kills.get(keyOf(guard, probe)) ?? (this.#proven.has(probe) ? 0 : NEW);
  }

  #count({ guard, killed }: Row): void {
    if (killed === undefined) return;
    this.#proven.add(killed.probe);
    const key = keyOf(guard, killed.probe);
    this.#kills.set(key, (this.#kills.get(key) ?? 0) + 1);
  }
}

/** `patch` of `ending.ts ENDING_RULES.patch.sequel value 1`. */
const rowOf = (guard: string): string | undefined => guard.split(' ')[1]?.split('.')[1];

const keyOf = (guard: string, probe: string): string => `${guard.slice(0, guard.indexOf(' '))} ${probe}`;

/** A mutant: one small change of one rule, and the invariant that has to find it. */
import type { Invariant } from '../life/invariants.ts';

export interface Mutant {
  /** What is guarded, in words. */
  readonly guard: string;
  /** Below src/domain. */
  readonly file: string;
  /** Stands exactly once in the file. */
  readonly find: string;
  readonly replace: string;
  readonly breaks: Invariant;
  /** The directed life that shows it; where none does, generated sequences do. */
  readonly seen?: string;
}

export type Row = readonly [guard: string, find: string, replace: string, breaks: Invariant, seen?: string];

export function mutantsOf(file: string, rows: readonly Row[]): readonly Mutant[] {
  return rows.map(([guard, find, replace, breaks, seen]) => ({
    guard,
    file,
    find,
    replace,
    breaks,
    ...(seen === undefined ? {} : { seen }),
  }));
}

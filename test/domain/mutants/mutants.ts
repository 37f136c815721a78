/** The mutants of the rules: each change of each guard, numbered, and the sources that contain them. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { type Guard, guardsOf } from './guards.ts';
import { instrumented } from './instrument.ts';
import { RULES, rulesFiles, rulesText } from './rules.ts';

export interface Mutant {
  readonly number: number;
  readonly how: string;
}

export interface Guarded extends Guard {
  readonly mutants: readonly Mutant[];
}

export interface Mutants {
  readonly guards: readonly Guarded[];
  /** By file URL: the rules with all mutants. */
  readonly sources: Readonly<Record<string, string>>;
}

export function mutantsOfRules(): Mutants {
  const guards: Guarded[] = [];
  const sources: Record<string, string> = {};
  let count = 0;
  for (const file of rulesFiles()) {
    const source = parsed(file, rulesText(file));
    const ofFile = guardsOf(source).map((guard): Guarded => {
      const mutants = guard.changes.map(({ how }): Mutant => ({ number: count++, how }));
      return { ...guard, mutants };
    });
    guards.push(...ofFile);
    sources[pathToFileURL(join(RULES, file)).href] = instrumented(source, ofFile.flatMap(numbered));
  }
  return { guards, sources };
}

export function parsed(file: string, text: string): ts.SourceFile {
  return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

/** The mutant of the guard by its kind of change. */
export function mutantOf(guard: Guarded | undefined, how: string): Mutant | undefined {
  return guard?.mutants.find(mutant => mutant.how === how);
}

/** `gate.ts isShut condition 1: true`. */
export function mutantNamed(guards: readonly Guarded[], name: string): Mutant {
  const [guard = '', how = ''] = name.split(': ');
  const found = mutantOf(
    guards.find(one => one.name === guard),
    how,
  );
  if (found === undefined) throw new Error(`there is no mutant “${name}”`);
  return found;
}

function numbered({ changes, mutants }: Guarded) {
  return changes.map((change, index) => ({ ...change, number: mutants[index]?.number ?? -1 }));
}

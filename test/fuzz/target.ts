/** What is fuzzed: one parser of outside text, its inputs, and what must be true of each of them. */
import { readdirSync } from 'node:fs';
import type fc from 'fast-check';

export interface FuzzTarget<Input> {
  readonly name: string;
  readonly inputs: fc.Arbitrary<Input>;
  /** Throws when the property does not hold. */
  readonly check: (input: Input) => void | Promise<void>;
}

export function fuzzTarget<Input>(target: FuzzTarget<Input>): FuzzTarget<unknown> {
  // A check gets only values of its own inputs.
  return target as FuzzTarget<unknown>;
}

/** Every file in `targets` exports one `target`. */
export async function fuzzTargets(): Promise<readonly FuzzTarget<unknown>[]> {
  const folder = new URL('targets/', import.meta.url);
  const files = readdirSync(folder).filter(file => file.endsWith('.ts'));
  const targets: FuzzTarget<unknown>[] = [];
  // One after the other: Jest cannot load modules that share others at the same time.
  for (const file of files.toSorted()) {
    const { target } = (await import(new URL(file, folder).href)) as { readonly target: FuzzTarget<unknown> };
    targets.push(target);
  }
  return targets;
}

/** Gives a target generated inputs until one breaks its property, or the time or the number of inputs is used up. */
import fc from 'fast-check';
import type { FuzzTarget } from './target.ts';

export interface FuzzPlan {
  readonly seed: number;
  readonly inputsMax?: number;
  readonly ms?: number;
  /** Of an earlier failure: only its input is tried. */
  readonly path?: string;
}

export interface FuzzFailure {
  readonly path: string;
  /** The smallest input found, as JavaScript. */
  readonly input: string;
  readonly error: string;
}

export interface FuzzOutcome {
  readonly inputs: number;
  readonly failure?: FuzzFailure;
}

/** An input that takes longer, twice, is a failure too. */
const SLOW_MS = 2_000;

export async function fuzz(target: FuzzTarget<unknown>, plan: FuzzPlan): Promise<FuzzOutcome> {
  const { seed, inputsMax = Number.MAX_SAFE_INTEGER, ms, path } = plan;
  const property = fc.asyncProperty(target.inputs, async input => await inTime(target, input));
  const result = await fc.check(property, {
    seed,
    numRuns: inputsMax,
    ...(ms === undefined ? {} : { interruptAfterTimeLimit: ms }),
    ...(path === undefined ? {} : { path, endOnFailure: true }),
  });
  const { failed, counterexample, counterexamplePath, errorInstance } = result;
  if (!failed) return { inputs: result.numRuns };
  const failure = {
    path: counterexamplePath ?? '',
    input: fc.stringify(counterexample?.[0]),
    error: errorInstance instanceof Error ? errorInstance.message : String(errorInstance),
  };
  return { inputs: result.numRuns, failure };
}

async function inTime(target: FuzzTarget<unknown>, input: unknown): Promise<void> {
  if ((await timed(target, input)) <= SLOW_MS) return;
  // The host may have been busy the first time.
  const ms = await timed(target, input);
  if (ms > SLOW_MS) throw new Error(`one input took ${Math.round(ms)} ms`);
}

async function timed(target: FuzzTarget<unknown>, input: unknown): Promise<number> {
  const startedAt = performance.now();
  await target.check(input);
  return performance.now() - startedAt;
}

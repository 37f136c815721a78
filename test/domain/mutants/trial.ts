/** Tries the rules it is loaded with: directed lives, then sequences of a fixed seed. Says what was broken, and by what. */
import fc from 'fast-check';
import { Broken } from '../life/invariants.ts';
import { acts, play, policy } from '../life/sequence.ts';
import { PROBES } from './probes.ts';

const SEED = 20_261_126;
const SEQUENCES_MAX = 150;

export interface Verdict {
  /** The broken invariant; the text of any other error is no invariant and counts as none. */
  readonly broken?: string;
  readonly what?: string;
  /** The directed life or the sequences in which it showed. */
  readonly seen?: string;
}

/** `first`: the directed life to play alone before the sequences; without one all are played. */
export function tryRules(first?: string): Verdict {
  const probes = first === undefined ? PROBES : PROBES.filter(({ name }) => name === first);
  for (const { name, play: playProbe } of probes) {
    const verdict = brokenBy(playProbe);
    if (verdict !== undefined) return { ...verdict, seen: name };
  }
  return trySequences();
}

export function trySequences(numRuns = SEQUENCES_MAX): Verdict {
  const property = fc.property(policy, acts, play);
  const found = fc.check(property, { seed: SEED, numRuns, endOnFailure: true });
  return found.failed ? { ...verdictOf(found.errorInstance), seen: 'generated sequences' } : {};
}

/** All the directed lives that a mutant breaks, for whoever writes one. */
export function tryEach(): readonly Verdict[] {
  return PROBES.flatMap(({ name, play: playProbe }) => {
    const verdict = brokenBy(playProbe);
    return verdict === undefined ? [] : [{ ...verdict, seen: name }];
  });
}

function brokenBy(act: () => void): Verdict | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return verdictOf(error);
  }
}

function verdictOf(error: unknown): Verdict {
  if (error instanceof Broken) return { broken: error.invariant, what: error.message };
  return {
    broken: 'an error',
    what: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

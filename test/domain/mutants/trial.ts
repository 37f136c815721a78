/** Plays a probe with the loaded rules and reports the broken invariant. */
import { Broken, type Invariant } from '../life/invariants.ts';
import { PROBES } from './probes.ts';

export { PROBES };

export interface Verdict {
  readonly probe: string;
  /** Absent for any other error, which proves nothing. */
  readonly invariant?: Invariant;
  readonly what: string;
}

/** Undefined when nothing was broken. */
export function play(name: string): Verdict | undefined {
  const probe = PROBES.find(one => one.name === name);
  if (probe === undefined) return { probe: name, what: 'there is no such probe' };
  try {
    probe.play();
    return undefined;
  } catch (error) {
    if (error instanceof Broken) return { probe: name, invariant: error.invariant, what: error.message };
    return { probe: name, what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

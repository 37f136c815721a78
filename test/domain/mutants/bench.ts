/** Runs mutants: the rules are loaded once with all mutants, and one at a time is switched on. */
import { type Asked, asked, switchOn } from './switch.ts';
import type * as Trial from './trial.ts';

/** A mutant may take longer, and an invariant finds one that never rests. One that takes this much longer is stuck. */
const LONGER_MAX = 5;
const ASKED_MIN = 5_000_000;
/** Errors other than a broken invariant prove nothing; after this many the search stops. */
const ERRORS_MAX = 15;

export class Bench {
  readonly #shared: typeof Trial;
  readonly #atLoad: ReadonlySet<number>;
  readonly #plays = new Map<string, Asked>();

  private constructor(shared: typeof Trial, atLoad: ReadonlySet<number>) {
    this.#shared = shared;
    this.#atLoad = atLoad;
  }

  static async open(): Promise<Bench> {
    switchOn();
    return new Bench(await load('all'), asked().reached);
  }

  get probes(): readonly string[] {
    return this.#shared.PROBES.map(({ name }) => name);
  }

  /** Plays the probe with the unchanged rules. */
  plain(probe: string): Asked {
    const known = this.#plays.get(probe);
    if (known !== undefined) return known;
    switchOn();
    const verdict = this.#shared.play(probe);
    if (verdict !== undefined)
      throw new Error(
        `the rules without a mutant break “${probe}”: ${verdict.what}. Fix: first make test/domain/witness.test.ts pass`,
      );
    const found = asked();
    this.#plays.set(probe, found);
    return found;
  }

  /** The probe reaches the mutated place, or the place is evaluated while the rules load. */
  reaches(probe: string, number: number): boolean {
    return this.#atLoad.has(number) || this.plain(probe).reached.has(number);
  }

  /** The verdict of the first probe in which the mutant breaks an invariant. */
  async breaks(number: number, probes: readonly string[]): Promise<Trial.Verdict | undefined> {
    const trial = await this.#trialOf(number);
    let errors = 0;
    for (const probe of probes) {
      const askedMax = Math.max(ASKED_MIN, this.plain(probe).asked * LONGER_MAX);
      switchOn(number, askedMax);
      const verdict = trial?.play(probe);
      if (verdict?.invariant !== undefined) return verdict;
      if (verdict !== undefined) errors += 1;
      if (trial === undefined || errors > ERRORS_MAX) return undefined;
    }
    return undefined;
  }

  /** A mutant that is evaluated at load time needs its own copy of the rules; some copies do not load. */
  async #trialOf(number: number): Promise<typeof Trial | undefined> {
    if (!this.#atLoad.has(number)) return this.#shared;
    switchOn(number, ASKED_MIN);
    try {
      return await load(String(number));
    } catch {
      return undefined;
    }
  }
}

async function load(tag: string): Promise<typeof Trial> {
  return (await import(`${new URL('trial.ts', import.meta.url).href}?mutant=${tag}`)) as typeof Trial;
}

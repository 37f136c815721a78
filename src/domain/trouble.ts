/** A problem and its fix, kept as separate data. `troubleLine` makes the one line that people read. */

export interface Trouble {
  readonly what: string;
  /** Absent when there is no general fix. */
  readonly fix?: string | undefined;
}

export interface FixableTrouble extends Trouble {
  readonly fix: string;
}

/** An error that a person can fix; its message is the trouble's line. */
export abstract class TroubleError extends Error {
  readonly trouble: Trouble;
  constructor(said: Trouble | string) {
    const trouble = typeof said === 'string' ? { what: said } : said;
    super(troubleLine(trouble));
    this.trouble = trouble;
  }
}

export function troubleLine({ what, fix }: Trouble): string {
  return fix === undefined || fix === '' ? what : `${what}. Fix: ${fix}`;
}

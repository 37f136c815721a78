/** What is wrong, and what to do about it: two facts, of which the edge makes one line. */

export interface Trouble {
  readonly what: string;
  /** Absent where nobody can say it in general. */
  readonly fix?: string | undefined;
}

export interface FixableTrouble extends Trouble {
  readonly fix: string;
}

export function troubleOf(said: Trouble | string): Trouble {
  return typeof said === 'string' ? { what: said } : said;
}

export function troubleLine({ what, fix }: Trouble): string {
  return fix === undefined || fix === '' ? what : `${what}: ${fix}`;
}

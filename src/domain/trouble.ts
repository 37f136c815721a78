/** A problem and its fix, kept as separate data. The edge makes one line of them. */

export interface Trouble {
  readonly what: string;
  /** Absent when there is no general fix. */
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

/** What tests ask of `freshness.mjs`. */
interface Stamp {
  readonly file: string;
  readonly digest: () => string;
}

export const stamps: Readonly<Record<'build' | 'bundle', Stamp>>;
export function isFresh(stamp: Stamp): boolean;

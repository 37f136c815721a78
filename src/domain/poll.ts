/** Reading again without news: less often the longer it takes. */

/** A quarter of the time so far, within the bounds; all in milliseconds. */
export function pollMs(
  elapsedMs: number,
  { min, max }: { readonly min: number; readonly max: number },
): number {
  return Math.min(max, Math.max(min, elapsedMs / 4));
}

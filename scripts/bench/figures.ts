/** Minimum, median and maximum of measurements in milliseconds. */

export interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (index: number): number => Number((sorted[index] ?? Number.NaN).toFixed(3));
  return { min: at(0), median: at(Math.floor((sorted.length - 1) / 2)), max: at(sorted.length - 1) };
}

export function line(name: string, { min, median, max }: Spread): string {
  const cells = [min, median, max].map(value => value.toFixed(value < 10 ? 2 : 0).padStart(8));
  return `${name.padEnd(44)}${cells.join('')}`;
}

/** The properties of the terminal that rendering needs. */
import type { Cli, Paint } from '../cli.ts';

export interface Terminal {
  readonly paint: Paint;
  readonly now: number;
  /** Columns; absent when stdout is not a terminal. */
  readonly width?: number;
}

export function terminalOf({ stdout, paint, now }: Cli): Terminal {
  const { columns } = stdout;
  return { paint, now: now(), ...(columns === undefined ? {} : { width: columns }) };
}

/** Figures of a stage go to its output, past Jest's own. */
export function print(line: string): void {
  process.stderr.write(`signalbox: ${line}\n`);
}

/** A system call and its numbers, parsed from tables that people can compare with the kernel's. */

/** Node's names. The filter kills a process that makes a call of another architecture. */
export type Architecture = 'x64' | 'arm64';

export interface Call {
  readonly name: string;
  /** An architecture without this call is absent. */
  readonly numbers: Readonly<Partial<Record<Architecture, number>>>;
}

/** `name x64 arm64`, separated by commas. */
export function parseCalls(table: string): readonly Call[] {
  return table
    .split(',')
    .map(entry => entry.trim())
    .filter(entry => entry !== '')
    .map(parseCall);
}

function parseCall(entry: string): Call {
  const fields = /^([a-z]\w+) (\d+|-) (\d+|-)$/.exec(entry);
  if (fields === null) throw new Error(`not a system call: “${entry}”`);
  const [, name = '', x64 = '-', arm64 = '-'] = fields;
  return {
    name,
    numbers: {
      ...(x64 !== '-' ? { x64: Number(x64) } : {}),
      ...(arm64 !== '-' ? { arm64: Number(arm64) } : {}),
    },
  };
}

/** What an issue says outside of all fields of the contract, as people are told of it: the agent reads it too. */

export interface OtherText {
  readonly lines: number;
  /** On one line, cut. The whole text is in the snapshot of the issue. Absent when the issue contains a secret. */
  readonly begins?: string;
}

const CHARS_MAX = 300;

/** `undefined` when everything belongs to a field. */
export function otherTextOf(
  other: string,
  { isSecret = false }: { readonly isSecret?: boolean } = {},
): OtherText | undefined {
  if (other === '') return undefined;
  const lines = other.split('\n').filter(line => line.trim() !== '');
  if (isSecret) return { lines: lines.length };
  const text = lines.map(line => line.trim()).join(' ');
  return { lines: lines.length, begins: text.length > CHARS_MAX ? `${text.slice(0, CHARS_MAX)}…` : text };
}

export function otherTextLine({ lines, begins }: OtherText): string {
  const many = lines === 1 ? '1 line belongs' : `${lines} lines belong`;
  return `${many} to no field of the contract${begins === undefined ? '' : `: “${begins}”`}`;
}

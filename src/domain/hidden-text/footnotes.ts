/** Footnotes on GitHub: shown at the end if something refers to them, else not at all. */

export interface Footnote {
  readonly label: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The footnotes in the content of a paragraph: each reaches to the next one or to the end. */
export function notesIn(content: string): readonly Footnote[] {
  const starts = Array.from(content.matchAll(DEFINITION));
  return starts.map(({ index, 0: mark, groups }, position) => {
    const end = starts[position + 1]?.index ?? content.length;
    return {
      label: fold(groups?.['label']),
      start: index,
      end,
      text: content.slice(index + mark.length, end),
    };
  });
}

/** The labels that the content refers to, outside of its footnotes. */
export function notesNamedIn(content: string): readonly string[] {
  const [first] = notesIn(content);
  const text = content.slice(0, first?.start ?? content.length);
  return Array.from(text.matchAll(REFERENCE), ({ groups }) => fold(groups?.['label']));
}

const DEFINITION = /^ {0,3}\[\^(?<label>[^\]\s^]{1,200})\]:/gm;
const REFERENCE = /(?<!\\)\[\^(?<label>[^\]\s^]{1,200})\]/g;

function fold(label: string | undefined): string {
  return (label ?? '').toLowerCase();
}

/** Gives each line of an issue to one field of the contract, or to the other text: a field reaches from its heading to the next one. */
import type { Field } from './contract-fields.ts';
import { fieldOf, type FieldNames } from './contract-headings.ts';
import { type Heading, headingsIn } from './headings.ts';
import { type Block, blocksOf, linesOf, withoutBlankEnds } from './markdown.ts';

export interface Section {
  /** Absent for text that belongs to no field. */
  readonly field?: Field;
  /** The line of its heading, or of its first text. */
  readonly from: number;
  /** The line after its last one. */
  readonly to: number;
  /** Of a field: the lines below its heading. Of other text: all its lines. */
  readonly text: string;
}

export interface Sections {
  /** In order, without gaps. */
  readonly sections: readonly Section[];
  /** Headings that name no field. */
  readonly otherHeadings: readonly string[];
  readonly blocks: readonly Block[];
}

export function sectionsOf(body: string, names?: FieldNames): Sections {
  const lines = linesOf(body);
  const blocks = blocksOf(body);
  const otherHeadings: string[] = [];
  const starts: (Omit<Section, 'to' | 'text'> & { readonly textFrom: number })[] = [{ from: 0, textFrom: 0 }];
  let current: Heading | undefined;
  for (const heading of blocks.flatMap(block => headingsIn(block, lines))) {
    const field = fieldOf(heading.title, names);
    if (field === undefined) otherHeadings.push(heading.title);
    if (field === undefined && isWithin(heading, current)) continue;
    current = field === undefined ? undefined : heading;
    const { from, to } = heading;
    starts.push(field === undefined ? { from, textFrom: from } : { field, from, textFrom: to });
  }
  const sections = starts.map(({ textFrom, ...section }, index) => {
    const to = starts[index + 1]?.from ?? lines.length;
    return { ...section, to, text: lines.slice(textFrom, to).join('\n') };
  });
  return { sections, otherHeadings, blocks };
}

/** All that belongs to no field, with its headings. */
export function otherText(sections: readonly Section[]): string {
  return sections
    .filter(({ field, text }) => field === undefined && text.trim() !== '')
    .map(({ text }) => withoutBlankEnds(text))
    .join('\n\n');
}

/**
 * Whether a heading that names no field is part of the section around it: of none, or of a field with a larger heading. A
 * line of dashes makes a heading of the text above it, which people rarely mean; such a heading ends only its like.
 */
function isWithin(heading: Heading, current: Heading | undefined): boolean {
  if (current === undefined || heading.form === 'bold') return true;
  return heading.level > current.level || (heading.form === 'underlined' && current.form !== 'underlined');
}

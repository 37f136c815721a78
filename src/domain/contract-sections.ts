/** Gives each line of an issue to one field of the contract, or to none: a field reaches from its heading to the next one. */
import { type Field, fieldOf } from './contract-fields.ts';
import { type Block, blocksOf, linesOf, withoutTags, wordsOf } from './markdown.ts';

export interface Section {
  /** Absent for text that belongs to no field. */
  readonly field?: Field;
  /** The line of its heading, or of its first text. */
  readonly from: number;
  /** The line after its last one. */
  readonly to: number;
  /** The lines below its heading. */
  readonly text: string;
}

export interface Sections {
  /** In order, without gaps. */
  readonly sections: readonly Section[];
  /** Headings that name no field. */
  readonly otherHeadings: readonly string[];
}

interface Heading {
  readonly title: string;
  readonly form: 'marked' | 'underlined' | 'bold';
  readonly level: number;
  /** Its lines. */
  readonly from: number;
  readonly to: number;
}

/** A line that is only bold is the smallest heading. */
const BOLD_LEVEL = 7;

export function sectionsOf(body: string): Sections {
  const lines = linesOf(body);
  const otherHeadings: string[] = [];
  const starts: (Omit<Section, 'to' | 'text'> & { readonly textFrom: number })[] = [{ from: 0, textFrom: 0 }];
  let current: Heading | undefined;
  for (const heading of blocksOf(body).flatMap(block => headingsIn(block, lines))) {
    const field = fieldOf(heading.title);
    if (field === undefined) otherHeadings.push(heading.title);
    if (field === undefined && isWithin(heading, current)) continue;
    current = field === undefined ? undefined : heading;
    const place = { from: heading.from, textFrom: heading.to };
    starts.push(field === undefined ? place : { field, ...place });
  }
  return {
    sections: starts.map(({ textFrom, ...section }, index) => {
      const to = starts[index + 1]?.from ?? lines.length;
      return { ...section, to, text: lines.slice(textFrom, to).join('\n') };
    }),
    otherHeadings,
  };
}

/**
 * Whether a heading that names no field is part of the section around it: of none, or of a field with a larger heading. A
 * line of dashes makes a heading of the text above it, which people rarely mean; such a heading ends only its like.
 */
function isWithin(heading: Heading, current: Heading | undefined): boolean {
  if (current === undefined || heading.form === 'bold') return true;
  return heading.level > current.level || (heading.form === 'underlined' && current.form !== 'underlined');
}

function headingsIn(block: Block, lines: readonly string[]): readonly Heading[] {
  const [first] = block.tokens;
  switch (first?.type) {
    case 'heading_open':
      return [headingOf(block, first)];
    case 'paragraph_open':
      return boldLines(block);
    case 'html_block':
      return htmlHeadings(block, lines);
    default:
      return [];
  }
}

function headingOf({ tokens, from, to }: Block, { tag, markup }: Block['tokens'][number]): Heading {
  const form = markup.startsWith('#') ? 'marked' : 'underlined';
  return { title: wordsOf(tokens).trim(), form, level: Number(tag.slice(1)), from, to };
}

/** Lines of a paragraph that are bold from start to end, but for a colon. */
function boldLines({ tokens, from, to }: Block): readonly Heading[] {
  const rows: Block['tokens'][number][][] = [[]];
  for (const token of tokens.find(({ type }) => type === 'inline')?.children ?? [])
    if (token.type === 'softbreak' || token.type === 'hardbreak') rows.push([]);
    else if (token.type !== 'text' || token.content.trim() !== '') rows.at(-1)?.push(token);
  // Code over several lines has no breaks, so that the rows are not the lines.
  if (rows.length !== to - from) return [];
  return rows.flatMap((row, index) =>
    isBold(row)
      ? [
          {
            ...({ title: wordsOf(row).trim(), form: 'bold', level: BOLD_LEVEL } as const),
            ...{ from: from + index, to: from + index + 1 },
          },
        ]
      : [],
  );
}

function isBold(row: Block['tokens']): boolean {
  const end = row.at(-1);
  const bold = end?.type === 'text' && end.content.trim() === ':' ? row.slice(0, -1) : row;
  const closing = bold.findIndex(({ type }) => type === 'strong_close');
  return bold[0]?.type === 'strong_open' && closing === bold.length - 1;
}

/** `<h3>Expected</h3>` on a line of its own. */
function htmlHeadings({ from, to }: Block, lines: readonly string[]): readonly Heading[] {
  return lines.slice(from, to).flatMap((line, index) => {
    const html = line.trim().toLowerCase();
    const [open = '', level = ''] = HTML_HEADING.exec(html) ?? [];
    if (open === '' || !html.endsWith(`</h${level}>`)) return [];
    const title = withoutTags(line).trim();
    return [{ title, form: 'marked', level: Number(level), from: from + index, to: from + index + 1 }];
  });
}

const HTML_HEADING = /^<h([1-6])(?=[\s>])/;

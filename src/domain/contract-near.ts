/** Names what was probably meant as the heading of a field that an issue lacks. Nothing of it is taken as that field. */
import { CONTRACT_FIELDS, type Field, type FieldKey } from './contract-fields.ts';
import { almost, fieldOf, type FieldNames } from './contract-headings.ts';
import type { Section } from './contract-sections.ts';
import { fieldSuggestedBy } from './heading-words.ts';
import { type Block, rowsOf, withoutTags, wordsOf } from './markdown.ts';

const HEADINGS_COMPARED_MAX = 100;
const SHOWN_MAX = 5;
const LINE_CHARS_MAX = 80;

type Token = Block['tokens'][number];

export interface Lacking {
  /** The fields that have a heading with a text. */
  readonly given: ReadonlyMap<FieldKey, unknown>;
  readonly names: FieldNames;
  readonly sections: readonly Section[];
  /** Headings that name no field. */
  readonly otherHeadings: readonly string[];
  readonly blocks: readonly Block[];
}

export function didYouMean(lacking: Lacking): readonly string[] {
  const open = CONTRACT_FIELDS.filter(({ key }) => !lacking.given.has(key));
  if (open.length === 0) return [];
  const headings = lacking.otherHeadings
    .slice(0, HEADINGS_COMPARED_MAX)
    .flatMap(heading => nearHeading(heading, open, lacking.names));
  const headed = new Set(lacking.sections.map(({ field }) => field));
  const required = open.filter(field => field.required && !headed.has(field));
  return [...new Set([...headings, ...nearLines(lacking, required)])].slice(0, SHOWN_MAX);
}

function nearHeading(heading: string, open: readonly Field[], names: FieldNames): readonly string[] {
  const field = almost(heading, open, names);
  if (field !== undefined) return [`the heading “${heading}”: did you mean “${field.title}”?`];
  const other = fieldSuggestedBy(heading);
  return other !== undefined && other.required && open.includes(other)
    ? [
        `the heading “${heading}”: did you mean “${other.title}”? Use that heading, or map yours in contract.headings of the policy`,
      ]
    : [];
}

/** Lines that say the name of a field without a heading: `Expected: …`, `- **Expected**`, `##Expected`. */
function nearLines({ blocks, names }: Lacking, required: readonly Field[]): readonly string[] {
  if (required.length === 0) return [];
  const found = new Map<Field, string>();
  for (const row of rowsIn(blocks)) {
    const field = fieldOf(row, names) ?? fieldOf(row.split(END_OF_NAME, 1)[0] ?? '', names);
    if (field !== undefined && required.includes(field) && !found.has(field)) found.set(field, row.trim());
  }
  return Array.from(found, ([{ title }, line]) => {
    const shown = line.length > LINE_CHARS_MAX ? `${line.slice(0, LINE_CHARS_MAX)}…` : line;
    return `the line “${shown}” is no heading: did you mean “${title}”? Write “## ${title}” on a line of its own, and the text below it`;
  });
}

const END_OF_NAME = /[:：]/;

function rowsIn(blocks: readonly Block[]): readonly string[] {
  return blocks.flatMap(({ tokens }) =>
    tokens.flatMap((token, index) => {
      const before = tokens[index - 1];
      if (token.type === 'html_block') return token.content.split('\n').flatMap(htmlTexts);
      const isOwnHeading = before?.type === 'heading_open' && before.level === 0;
      return token.type === 'inline' && !isOwnHeading ? rowsOf(token).flatMap(textsOfRow) : [];
    }),
  );
}

/** A row, and what it starts with in bold: `**Expected** the page loads`. */
function textsOfRow(row: readonly Token[]): readonly string[] {
  const end = row.findIndex(({ type }) => type === 'strong_close');
  const isBold = row[0]?.type === 'strong_open' && end !== -1;
  return [wordsOf(row), ...(isBold ? [wordsOf(row.slice(0, end))] : [])];
}

/** A line, and its first element: `<h3>Expected</h3> the page loads`. */
function htmlTexts(line: string): readonly string[] {
  return [withoutTags(line), withoutTags(line.split('</', 1)[0] ?? '')];
}

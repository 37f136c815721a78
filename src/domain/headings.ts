/** Finds what people use as headings in Markdown: marked, underlined, in HTML, or a line of its own in bold. */
import { folded } from './contract-headings.ts';
import { type Block, rowsOf, withoutTags, wordsOf } from './markdown.ts';

export interface Heading {
  readonly title: string;
  readonly form: 'marked' | 'underlined' | 'bold';
  readonly level: number;
  /** Its lines. */
  readonly from: number;
  readonly to: number;
}

/** A line that is only bold is the smallest heading. */
const BOLD_LEVEL = 7;

type Token = Block['tokens'][number];

/** The headings in one block of the outermost level. `lines`: those of the whole text. */
export function headingsIn(block: Block, lines: readonly string[]): readonly Heading[] {
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

function headingOf({ tokens, from, to }: Block, { tag, markup }: Token): Heading {
  const form = markup.startsWith('#') ? 'marked' : 'underlined';
  return { title: wordsOf(tokens).trim(), form, level: Number(tag.slice(1)), from, to };
}

/** Lines of a paragraph that are bold, but for marks and words that people add to a heading. */
function boldLines({ tokens, from, to }: Block): readonly Heading[] {
  const rows = tokens.filter(({ type }) => type === 'inline').flatMap(rowsOf);
  // Code over several lines has no breaks, so that the rows are not the lines.
  if (rows.length !== to - from) return [];
  return rows.flatMap((row, index) => {
    const title = boldTitle(row);
    if (title === undefined) return [];
    const at = { from: from + index, to: from + index + 1 };
    return [{ title, form: 'bold' as const, level: BOLD_LEVEL, ...at }];
  });
}

function boldTitle(row: readonly Token[]): string | undefined {
  const open = row.findIndex(isBoldStart);
  const close = row.findLastIndex(isBoldEnd);
  if (open === -1 || close < open || row.filter(isBoldStart).length > 1) return undefined;
  const around = [...row.slice(0, open), ...row.slice(close + 1)];
  const isAlone = around.every(isAside) && folded(wordsOf(around)) === '';
  return isAlone ? wordsOf(row.slice(open, close)).trim() : undefined;
}

function isBoldStart({ type, content }: Token): boolean {
  return type === 'strong_open' || (type === 'html_inline' && HTML_BOLD.test(content));
}

function isBoldEnd({ type, content }: Token): boolean {
  return type === 'strong_close' || (type === 'html_inline' && HTML_BOLD_END.test(content));
}

const HTML_BOLD = /^<(?:b|strong)>$/i;
const HTML_BOLD_END = /^<\/(?:b|strong)>$/i;

/** Bold and slanted is bold. */
function isAside({ type, content }: Token): boolean {
  return ['text', 'em_open', 'em_close'].includes(type) || (type === 'html_inline' && BREAK.test(content));
}

const BREAK = /^<br ?\/?>$/i;

/** `<h3>Expected</h3>` on lines of its own. */
function htmlHeadings({ from, to }: Block, lines: readonly string[]): readonly Heading[] {
  const found: Heading[] = [];
  for (let at = from; at < to; at += 1) {
    const [, level] = HTML_HEADING.exec((lines[at] ?? '').trim()) ?? [];
    if (level === undefined) continue;
    const end = closingLine(lines.slice(at, Math.min(to, at + HTML_LINES_MAX)), level);
    if (end === -1) continue;
    const title = withoutTags(lines.slice(at, at + end + 1).join(' ')).trim();
    found.push({ title, form: 'marked', level: Number(level), from: at, to: at + end + 1 });
    at += end;
  }
  return found;
}

/** A heading that stays open for longer is none. */
const HTML_LINES_MAX = 5;
const HTML_HEADING = /^<h([1-6])(?=[\s>])/i;

/** The first line that ends with the closing tag; -1 if something follows the tag, or there is none. */
function closingLine(lines: readonly string[], level: string): number {
  const tag = `</h${level}>`;
  const at = lines.findIndex(line => line.toLowerCase().includes(tag));
  return lines[at]?.trim().toLowerCase().endsWith(tag) === true ? at : -1;
}

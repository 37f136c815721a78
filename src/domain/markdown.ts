/** Reads Markdown as blocks with their lines. Takes time in proportion to the text, of what is not too costly; docs/adr/0022 says why markdown-it. */
import MarkdownIt, { type Token } from 'markdown-it';

/** A heading, a paragraph, a whole list or table: what stands at the outermost level. */
export interface Block {
  readonly tokens: readonly Token[];
  /** Its first line. */
  readonly from: number;
  /** The line after its last one. */
  readonly to: number;
}

/** Within one paragraph, heading or cell, each unclosed bracket costs time in proportion to its length. */
const PARAGRAPH_CHARS_MAX = 10_000;
/** Of a whole text, outside code. With the longest paragraphs, 60 ms of a processor go for 4,000 of them. */
const BRACKETS_MAX = 4_000;

const PARSER = new MarkdownIt('default', { html: true });
const BLOCK_PARSER = new MarkdownIt('default', { html: true });
BLOCK_PARSER.core.ruler.disable('inline');

/** Why reading the text would take too long; absent when it may be read. `what`: its name in the reason. Code does not count. */
export function tooCostly(text: string, what: string): string | undefined {
  let [longest, brackets] = [0, 0];
  for (const { type, content } of BLOCK_PARSER.parse(text, {})) {
    if (type !== 'inline') continue;
    longest = Math.max(longest, content.length);
    brackets += content.split('[').length - 1;
  }
  if (longest > PARAGRAPH_CHARS_MAX)
    return `a paragraph of ${what} has ${longest} characters; at most ${PARAGRAPH_CHARS_MAX} are read`;
  return brackets > BRACKETS_MAX
    ? `${what} has ${brackets} opening brackets outside code; at most ${BRACKETS_MAX} are read`
    : undefined;
}

/** The lines of a text as the parser counts them. */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Without blank lines at both ends; the indentation of the first line can mean code. */
export function withoutBlankEnds(text: string): string {
  const lines = linesOf(text);
  const from = lines.findIndex(line => line.trim() !== '');
  const to = lines.findLastIndex(line => line.trim() !== '');
  return from === -1 ? '' : lines.slice(from, to + 1).join('\n');
}

export function blocksOf(text: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: Token[] = [];
  for (const token of PARSER.parse(text, {})) {
    open.push(token);
    if (token.level > 0 || token.nesting > 0) continue;
    const [from, to] = open[0]?.map ?? [0, 0];
    blocks.push({ tokens: open, from, to });
    open = [];
  }
  return blocks;
}

/** The tokens of each line of a paragraph, without blanks. Code over several lines is one row. */
export function rowsOf({ children }: Token): readonly (readonly Token[])[] {
  const rows: Token[][] = [[]];
  for (const token of children ?? [])
    if (token.type === 'softbreak' || token.type === 'hardbreak') rows.push([]);
    else if (token.type !== 'text' || token.content.trim() !== '') rows.at(-1)?.push(token);
  return rows;
}

/** What a reader reads: without markup, pictures and tags. */
export function wordsOf(tokens: readonly Token[]): string {
  return tokens.map(token => wordsOfToken(token)).join('');
}

function wordsOfToken({ type, content, children }: Token): string {
  switch (type) {
    case 'inline':
      return `${wordsOf(children ?? [])}\n`;
    case 'text':
    case 'code_inline':
    case 'code_block':
    case 'fence':
      return content;
    case 'html_block':
      return withoutTags(content);
    case 'softbreak':
    case 'hardbreak':
      return '\n';
    default:
      return '';
  }
}

/** Leaves out what stands between angle brackets. */
export function withoutTags(html: string): string {
  return html
    .split('<')
    .map((piece, index) => (index === 0 ? piece : piece.slice(piece.indexOf('>') + 1 || piece.length)))
    .join('');
}

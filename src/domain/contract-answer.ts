/** What stands below the heading of a field: its text, its entries, or nothing that could be an answer. */
import { type Block, blocksOf, linesOf, wordsOf } from './markdown.ts';

export interface FieldAnswer {
  readonly text: string;
  /** One for each list item, and for each text before, between and after lists. */
  readonly entries: readonly string[];
}

/** GitHub's issue forms write this for a field that was left empty. */
const NO_RESPONSE = '_No response_';

export function isEmpty(text: string): boolean {
  return text.trim() === '' || text.trim() === NO_RESPONSE;
}

/** Empty when it says nothing. With more than `entriesMax` entries, one more than that is returned. */
export function answerOf(texts: readonly string[], entriesMax: number): FieldAnswer {
  const text = texts.join('\n\n').trim();
  const blocks = blocksOf(text);
  if (!saySomething(blocks)) return { text: '', entries: [] };
  const lines = linesOf(text);
  if (!blocks.some(isList)) return { text, entries: [text] };
  const entries = blocks
    .flatMap(block => (isList(block) ? itemsOf(block) : [block]))
    .slice(0, entriesMax + 1)
    .map(piece => pieceText(piece, lines));
  return { text, entries: entries.filter(entry => saySomething(blocksOf(entry))) };
}

/** Whether there are words that answer anything: no empty boxes, lone pictures or words like TBD. */
function saySomething(blocks: readonly Block[]): boolean {
  const words = wordsOf(blocks.flatMap(({ tokens }) => tokens))
    .replaceAll(/\[[ x]\]/gi, '')
    .toLowerCase()
    .split(NO_WORD)
    .filter(word => word !== '')
    .join(' ');
  return words !== '' && !PLACEHOLDERS.includes(words);
}

const NO_WORD = /[^\p{L}\p{N}]+/u;
const PLACEHOLDERS: readonly string[] = [
  ...['tbd', 'tba', 'todo', 'to do', 'wip', 'fixme', 'xxx', 'no response'],
  ...['to be done', 'to be decided', 'to be defined', 'to be determined'],
];

/** The single word of a field that is nothing else, in lower case. */
export function onlyWord(text: string): string | undefined {
  const tokens = blocksOf(text).flatMap(block => block.tokens);
  const parts = tokens.flatMap(token => token.children ?? [token]);
  const word = wordsOf(tokens).trim().toLowerCase();
  return parts.every(({ type }) => PLAIN.includes(type)) ? word : undefined;
}

/** A word in bold or in backticks, also as the only item of a list or before a rule. */
const PLAIN: readonly string[] = [
  ...['paragraph_open', 'paragraph_close', 'text', 'code_inline', 'hr'],
  ...['strong_open', 'strong_close', 'em_open', 'em_close'],
  ...['bullet_list_open', 'list_item_open', 'list_item_close', 'bullet_list_close'],
];

function isList({ tokens }: Block): boolean {
  return tokens[0]?.type === 'bullet_list_open' || tokens[0]?.type === 'ordered_list_open';
}

interface Piece {
  readonly from: number;
  readonly to: number;
  /** Of a list item: the length of its mark. */
  readonly markChars?: number;
}

/** The items of the list itself; those of lists within are part of them. */
function itemsOf({ tokens }: Block): readonly Piece[] {
  return tokens.flatMap(({ type, level, map, info, markup }) =>
    type === 'list_item_open' && level === 1 && map !== null
      ? [{ from: map[0], to: map[1], markChars: info.length + markup.length }]
      : [],
  );
}

/** An item comes without its mark, its box and its indentation. The lines of a single paragraph become one. */
function pieceText({ from, to, markChars }: Piece, lines: readonly string[]): string {
  const [first = '', ...others] = lines.slice(from, to);
  if (markChars === undefined) return [first, ...others].join('\n').trim();
  const content = first.trimStart().slice(markChars).trimStart();
  const indent = first.length - content.length;
  const rest = others.map(line => line.slice(Math.min(indent, line.length - line.trimStart().length)));
  const text = [content.replace(BOX, ''), ...rest].join('\n').trim();
  const blocks = blocksOf(text);
  const isParagraph = blocks.length === 1 && blocks[0]?.tokens[0]?.type === 'paragraph_open';
  return isParagraph
    ? linesOf(text)
        .map(line => line.trim())
        .join(' ')
    : text;
}

const BOX = /^\[[ xX]\](?:\s|$)/;

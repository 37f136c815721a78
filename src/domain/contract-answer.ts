/** What stands below the heading of a field: its text, its entries, or nothing that could be an answer. */
import { type Block, blocksOf, linesOf, withoutBlankEnds, wordsOf } from './markdown.ts';
import { isNone, isOpenPoint, isPlaceholderAnswer, isTemplateText, wordsIn } from './placeholders.ts';

export interface FieldAnswer {
  readonly text: string;
  /** One for each list item. A text before a list stays with the list, because it can turn its meaning around. */
  readonly entries: readonly string[];
  /** A part of it that only promises an answer. */
  readonly placeholder?: string;
  /** It says no more than “none”. */
  readonly none?: true;
}

/** GitHub's issue forms write this for a field that was left empty. */
const NO_RESPONSE = '_No response_';

export function isEmpty(text: string): boolean {
  return text.trim() === '' || text.trim() === NO_RESPONSE;
}

/** The text is empty when it says nothing. With more than `entriesMax` entries, one more than that is returned. */
export function answerOf(texts: readonly string[], entriesMax: number): FieldAnswer {
  const text = texts.map(withoutBlankEnds).join('\n\n');
  const blocks = blocksOf(text);
  const said = saidIn(blocks);
  if (said.every(({ row }) => isNothing(row))) return { text: '', entries: [] };
  const placeholder = said
    .find(({ row, isCode }) => !isCode && (isPlaceholderAnswer(wordsIn(row)) || isOpenPoint(row)))
    ?.row.trim();
  const lines = linesOf(text);
  const entries = piecesOf(blocks)
    .slice(0, entriesMax + 1)
    .map(piece => pieceText(piece, lines));
  return {
    text,
    entries: entries.filter(entry => entry !== ''),
    ...(placeholder === undefined ? {} : { placeholder }),
    ...(isNone(wordsIn(said.map(({ row }) => row).join(' '))) ? { none: true } : {}),
  };
}

/** Not a word that answers anything: an empty box, a lone picture, or a word like TBD. In code too. */
function isNothing(row: string): boolean {
  const words = wordsIn(row);
  return words === '' || isPlaceholderAnswer(words) || isTemplateText(words);
}

interface SaidRow {
  readonly row: string;
  /** Code says something, whatever its lines are: logs have lines like “pending”. */
  readonly isCode: boolean;
}

/** The rows that readers read. Headings count only if nothing follows them: then they are what is said. */
function saidIn(blocks: readonly Block[]): readonly SaidRow[] {
  const tokens = blocks.flatMap(block => block.tokens);
  const rows = (isHeading: boolean): readonly SaidRow[] =>
    tokens
      .filter((_token, index) => (tokens[index - 1]?.type === 'heading_open') === isHeading)
      .flatMap(token => {
        const isCode = token.type === 'fence' || token.type === 'code_block';
        return wordsOf([token])
          .split('\n')
          .map(row => ({ row, isCode }));
      })
      .filter(({ row }) => row.trim() !== '');
  const below = rows(false);
  return below.length > 0 ? below : rows(true);
}

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

interface Piece {
  readonly from: number;
  readonly to: number;
  /** Of a list item: the length of its mark. */
  readonly markChars?: number;
}

function piecesOf(blocks: readonly Block[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let before: number | undefined;
  for (const block of blocks) {
    if (!isList(block)) {
      if (!isMarkup(block)) before ??= block.from;
      continue;
    }
    if (before === undefined) pieces.push(...itemsOf(block));
    else pieces.push({ from: before, to: block.to });
    before = undefined;
  }
  return before === undefined ? pieces : [...pieces, { from: before, to: blocks.at(-1)?.to ?? before }];
}

const LETTER = /[\p{L}\p{N}]/u;

/** A rule, or tags around other blocks. */
function isMarkup({ tokens }: Block): boolean {
  const [first] = tokens;
  if (first?.type !== 'html_block') return first?.type === 'hr';
  return !LETTER.test(wordsOf(tokens)) && !first.content.includes('src=');
}

function isList({ tokens }: Block): boolean {
  return tokens[0]?.type === 'bullet_list_open' || tokens[0]?.type === 'ordered_list_open';
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
  if (markChars === undefined) return withoutBlankEnds([first, ...others].join('\n'));
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

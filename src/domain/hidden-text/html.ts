/** Splits raw HTML into tags, text and what no reader sees, in one pass over the text. */

export interface Attribute {
  readonly name: string;
  readonly value: string;
}

export type HtmlPart =
  | { readonly kind: 'text'; readonly text: string }
  /** A comment, a declaration, a processing instruction or character data, without its marks. */
  | { readonly kind: 'unseen'; readonly text: string }
  | {
      readonly kind: 'open';
      readonly name: string;
      readonly attributes: readonly Attribute[];
    }
  | { readonly kind: 'close'; readonly name: string; readonly attributes: readonly Attribute[] };

export type PlacedPart = HtmlPart & {
  readonly start: number;
  readonly end: number;
  /** The mark that ends this part did not come, so it goes on in what follows; `NEVER` for a tag without its end. */
  readonly until?: string;
};

/** The part of the HTML that begins at `at`. */
export function htmlPartAt(html: string, at: number): PlacedPart {
  const part = html.charAt(at) === '<' ? partAt(html, at) : undefined;
  if (part !== undefined) return part;
  const next = html.indexOf('<', at + 1);
  const end = next < 0 ? html.length : next;
  return { kind: 'text', text: html.slice(at, end), start: at, end };
}

/** Undefined for an angle that begins nothing. */
function partAt(html: string, at: number): PlacedPart | undefined {
  const next = html.charAt(at + 1);
  if (next === '!' || next === '?') return unseenAt(html, at);
  if (next === '/') return LETTER.test(html.charAt(at + 2)) ? tagAt(html, at) : undefined;
  return LETTER.test(next) ? tagAt(html, at) : undefined;
}

const LETTER = /[a-z]/i;
const UNSEEN: readonly (readonly [open: string, close: string])[] = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
  ['<!', '>'],
];

function unseenAt(html: string, at: number): PlacedPart | undefined {
  const [open, close] = UNSEEN.find(([mark]) => html.startsWith(mark, at)) ?? ['<', '>'];
  const empty = open === '<!--' ? /^<!--(?:-?>)/.exec(html.slice(at, at + 6))?.[0] : undefined;
  if (empty !== undefined) return { kind: 'unseen', text: '', start: at, end: at + empty.length };
  const end = html.indexOf(close, at + open.length);
  const text = html.slice(at + open.length, end < 0 ? html.length : end);
  if (end < 0) return { kind: 'unseen', text, start: at, end: html.length, until: close };
  return { kind: 'unseen', text, start: at, end: end + close.length };
}

const NAME_END = /[\s/>]/g;
/** Cannot occur: the parser replaces it. */
export const NEVER = '\0';

/** A tag without its end swallows what follows, like a value without its closing quote. */
function tagAt(html: string, at: number): PlacedPart {
  const isClose = html.charAt(at + 1) === '/';
  const nameAt = at + (isClose ? 2 : 1);
  NAME_END.lastIndex = nameAt;
  const nameEnd = NAME_END.exec(html)?.index ?? html.length;
  const name = html.slice(nameAt, nameEnd).toLowerCase();
  const { attributes, end } = attributesAt(html, nameEnd);
  const close = end === undefined ? -1 : html.indexOf('>', end);
  const place = close < 0 ? { start: at, end: html.length, until: NEVER } : { start: at, end: close + 1 };
  return { kind: isClose ? 'close' : 'open', name, attributes, ...place };
}

const ATTRIBUTE_NAME = /[^\s=>/"'][^\s=>/]*/y;
const BARE_VALUE = /[^\s>]*/y;

/** `end`: after the last attribute; undefined when its value has no end. */
function attributesAt(
  html: string,
  from: number,
): { readonly attributes: readonly Attribute[]; readonly end: number | undefined } {
  const attributes: Attribute[] = [];
  let at = afterSpace(html, from);
  while (at < html.length && html.charAt(at) !== '>') {
    const name = matchAt(ATTRIBUTE_NAME, html, at);
    const { value, end } = name === '' ? { value: '', end: at + 1 } : valueAt(html, at + name.length);
    if (name !== '') attributes.push({ name: name.toLowerCase(), value });
    if (end === undefined) return { attributes, end };
    at = afterSpace(html, end);
  }
  return { attributes, end: at };
}

function valueAt(
  html: string,
  nameEnd: number,
): { readonly value: string; readonly end: number | undefined } {
  const equals = afterSpace(html, nameEnd);
  if (html.charAt(equals) !== '=') return { value: '', end: nameEnd };
  const start = afterSpace(html, equals + 1);
  const quote = html.charAt(start);
  if (quote !== '"' && quote !== "'") {
    const value = matchAt(BARE_VALUE, html, start);
    return { value, end: start + value.length };
  }
  const close = html.indexOf(quote, start + 1);
  if (close < 0) return { value: html.slice(start + 1), end: undefined };
  return { value: html.slice(start + 1, close), end: close + 1 };
}

function matchAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}

function afterSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && SPACES.includes(text.charAt(at))) at += 1;
  return at;
}

const SPACES = ' \t\n\r\f';

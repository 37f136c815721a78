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
/** Sticky: an attribute with its value, or anything else that is not the end of the tag. */
const ATTRIBUTE = /\s*(?:([^\s=>/"'][^\s=>/]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>][^\s>]*)))?|[/="'])/y;

/** A value without its closing quote. */
const OPEN_VALUE = /\s*=\s*["']/y;
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
  const place =
    end === undefined ? { start: at, end: html.length, until: NEVER } : { start: at, end: end + 1 };
  return { kind: isClose ? 'close' : 'open', name, attributes, ...place };
}

interface Attributes {
  readonly attributes: readonly Attribute[];
  /** Of the tag. */
  readonly end: number | undefined;
}

function attributesAt(html: string, from: number): Attributes {
  const attributes: Attribute[] = [];
  let end = from;
  for (;;) {
    ATTRIBUTE.lastIndex = end;
    const [whole, name, ...values] = ATTRIBUTE.exec(html) ?? [];
    if (whole === undefined) break;
    end += whole.length;
    if (name === undefined) continue;
    const value = values.find(found => found !== undefined);
    OPEN_VALUE.lastIndex = end;
    if (value === undefined && OPEN_VALUE.test(html))
      return { attributes: [...attributes, { name, value: html.slice(end) }], end: undefined };
    attributes.push({ name: name.toLowerCase(), value: value ?? '' });
  }
  const close = html.indexOf('>', end);
  return { attributes, end: close < 0 ? undefined : close };
}

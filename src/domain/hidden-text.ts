/**
 * Separates the part of an issue's Markdown that readers on GitHub see from the hidden part: comments, declarations and
 * link definitions without a target; long texts for images, titles and attributes; sequences of invisible characters. Where
 * only a complete Markdown parser could decide, text counts as hidden, at the price of an unneeded question to a person.
 */

export interface ReadersView {
  readonly shown: string;
  /** Each hidden text as one line, without its markup. */
  readonly hidden: readonly string[];
}

/** A tilde or backtick fence as CommonMark opens and closes it; only without indentation, so that no list or quote can end it. */
const OPENS = /^(?:(`{3,})[^`]*|(~{3,})(?:[^~].*)?)$/;
const CLOSES = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
/** Raw HTML can swallow text that looks like a fence. */
const HTML = /^ {0,3}<(?!!--)/;
/**
 * First an escaped character or a code span within its line. Then the hidden forms: a comment, a processing instruction or
 * declaration, a definition like `[//]: # (text)`. The first match wins.
 */
const TOKENS = new RegExp(
  [
    /\\[^\n]|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/,
    /<!--(?<comment>[\s\S]*?)(?:-->|$(?![\s\S]))/,
    /<(?<declaration>(?:\?|![A-Z[])[^<>]*)>/i,
    /^ {0,3}\[(?<link>[^\]\n]*\]:[ \t]*(?:#|<>)[^\n]*)$/,
  ]
    .map(part => part.source)
    .join('|'),
  'gim',
);
/**
 * Text that few or no readers see: the text of an image, the title of a link or of a definition, the inside of a tag, the
 * info string of a fence.
 */
const ASIDE = new RegExp(
  [
    /\\[^\n]|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/,
    /!\[(?<image>[^\]\n]{0,2000})/,
    /\]\([^\s()]*\s+(?<title>["'(][^\n]*)/,
    /^ {0,3}\[(?<definition>[^\]^\n][^\]\n]*)\]:[ \t]*\S+(?<subtitle>(?:[^\S\n][^\n]*)?(?:\n[ \t]+["'(][^\n]*)?)$/,
    /<(?<tag>[a-z](?:"[^"<]*"|'[^'<]*'|[^<>"'])*)>/,
    /^ {0,3}(?:`{3,}(?!`)|~{3,}(?!~))(?<info>[^\n]*)$/,
  ]
    .map(part => part.source)
    .join('|'),
  'gim',
);
/** Attributes that only give an address or a size. */
const PLAIN_ATTRIBUTES = /\b(?:src|href|width|height|align)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"']+)/gi;
/** GitHub writes a file name as the text of an image; longer text is a message. */
const ASIDE_CHARS_MAX = 60;
/** In the form that `visible` writes. One can be an accident; a sequence can carry text. */
const INVISIBLE = /(?:⟦U\+[0-9A-F]{4,6}⟧){3,}/g;

export function readersView(body: string): ReadersView {
  const hidden: string[] = [];
  const shown = pieces(body.replace(/\r\n?/g, '\n')).map(({ lines, isCode }) =>
    isCode ? codeAsItIs(lines, hidden) : withoutHidden(lines.join('\n'), hidden),
  );
  return { shown: shown.join('\n'), hidden: [...hidden, ...invisible(body)] };
}

/** Code is shown, except for the info string of the fence. */
function codeAsItIs(lines: readonly string[], hidden: string[]): string {
  hidden.push(...lines.filter(line => FENCE_MARK.test(line)).flatMap(asides));
  return lines.join('\n');
}

const FENCE_MARK = /^(?:`{3,}|~{3,})/;

/** Characters of the tag block spell ASCII letters; other invisible characters are only counted. */
function invisible(body: string): readonly string[] {
  return (body.match(INVISIBLE) ?? []).map(row => {
    const points = Array.from(row.matchAll(/U\+([0-9A-F]+)/g), ([, hex = '']) => Number.parseInt(hex, 16));
    const letters = points.filter(point => (point > 0xe0020 && point < 0xe007f) || point === 0xe0020);
    const spelled = String.fromCodePoint(...letters.slice(0, TAGS_MAX).map(point => point - 0xe0000));
    return spelled.trim() === '' ? `${points.length} invisible characters` : spelled;
  });
}

const TAGS_MAX = 1_000;

function withoutHidden(text: string, hidden: string[]): string {
  const shown = text.replace(TOKENS, (token: string, ...rest: readonly unknown[]) => {
    const { comment, declaration, link } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
    const found = comment ?? declaration ?? link?.replace(EMPTY_DEFINITION, '');
    if (found === undefined) return token;
    const line = oneLine(found);
    if (line !== '') hidden.push(line);
    return '';
  });
  hidden.push(...asides(shown));
  return shown;
}

/** `[//]: #` alone carries no text. */
const EMPTY_DEFINITION = /^\/*\]:[ \t]*(?:#|<>)/;

/** These texts stay in the shown part; only the start gate lists them too. */
function asides(text: string): readonly string[] {
  return Array.from(text.matchAll(ASIDE), ({ groups = {} }) => {
    const { image, title, definition = '', subtitle = '', tag, info } = groups;
    return oneLine(
      image ?? title ?? info ?? tag?.replace(PLAIN_ATTRIBUTES, '') ?? `${definition} ${subtitle}`,
    );
  }).filter(line => line.length > ASIDE_CHARS_MAX);
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

interface Piece {
  readonly lines: string[];
  readonly isCode: boolean;
}

/** Fenced code, and the text between. */
function pieces(body: string): readonly Piece[] {
  const found: Piece[] = [];
  let place: Place = { fence: undefined, isTrusted: true, isComment: false };
  for (const line of body.split('\n')) {
    const isInside = place.fence !== undefined;
    place = placeAfter(place, line);
    const isCode = isInside || place.fence !== undefined;
    const last = found.at(-1);
    if (last?.isCode === isCode) last.lines.push(line);
    else found.push({ lines: [line], isCode });
  }
  return found;
}

interface Place {
  readonly fence: string | undefined;
  /** No raw HTML before this line. */
  readonly isTrusted: boolean;
  readonly isComment: boolean;
}

/** A comment continues to its end, so a fence inside it does not count. */
function placeAfter(place: Place, line: string): Place {
  const { fence, isTrusted, isComment } = place;
  if (fence !== undefined) return closes(line, fence) ? { ...place, fence: undefined } : place;
  const opening = isTrusted && !isComment ? opened(line) : undefined;
  if (opening !== undefined) return { ...place, fence: opening };
  return { fence, isTrusted: isTrusted && !HTML.test(line), isComment: isCommentAfter(line, isComment) };
}

function opened(line: string): string | undefined {
  const [, ticks, tildes] = OPENS.exec(line) ?? [];
  return ticks ?? tildes;
}

function closes(line: string, fence: string): boolean {
  return CLOSES.exec(line)?.[1]?.startsWith(fence) === true;
}

function isCommentAfter(line: string, before: boolean): boolean {
  const [open, close] = [line.lastIndexOf('<!--'), line.lastIndexOf('-->')];
  return open === close ? before : open > close;
}

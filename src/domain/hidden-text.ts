/**
 * What of an issue's Markdown its readers on GitHub see, and what they do not: comments and declarations, link definitions
 * that lead nowhere; long texts for images, titles and attributes; rows of invisible characters. Where it cannot be told without a whole Markdown reader, text counts as hidden: a person is asked once too often.
 */

export interface ReadersView {
  readonly shown: string;
  /** Each hidden text as one line, without what hides it. */
  readonly hidden: readonly string[];
}

/** At the very margin, so that no list or quote can end it; a tilde or backtick fence as CommonMark opens and closes it. */
const OPENS = /^(?:(`{3,})[^`]*|(~{3,}).*)$/;
const CLOSES = /^ {0,3}(`{3,}|~{3,})[ \t]*$/;
/** Raw HTML may swallow what looks like a fence. */
const HTML = /^ {0,3}<(?!!--)/;
/**
 * An escaped character, a code span within its line; then what is hidden: a comment, an instruction or declaration, a
 * definition like `[//]: # (text)`; the first that fits.
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
 * Text for an image, a title of a link or of a definition, what stands inside a tag or behind the mark that opens a fence:
 * seen by few, or by nobody.
 */
const ASIDE = new RegExp(
  [
    /\\[^\n]|(?<!`)(`+)(?!`)[^\n]*?(?<!`)\1(?!`)/,
    /!\[(?<image>[^\]\n]{0,2000})/,
    /\]\([^\s()]*\s+(?<title>["'(][^\n]*)/,
    /^ {0,3}\[(?<definition>[^\]^\n][^\]\n]*)\]:[ \t]*\S+(?<subtitle>[^\n]*(?:\n[ \t]+["'(][^\n]*)?)$/,
    /<(?<tag>[a-z](?:"[^"<]*"|'[^'<]*'|[^<>"'])*)>/,
    /^ {0,3}(?:`{3,}|~{3,})(?<info>[^\n]*)$/,
  ]
    .map(part => part.source)
    .join('|'),
  'gim',
);
/** What tells nothing but where and how large. */
const PLAIN_ATTRIBUTES = /\b(?:src|href|width|height|align)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"']+)/gi;
/** GitHub writes a file's name for an image; more than a name and a time is a message. */
const ASIDE_CHARS_MAX = 60;
/** As `visible` shows them. One may be a slip; a row of them carries something. */
const INVISIBLE = /(?:⟦U\+[0-9A-F]{4,6}⟧){3,}/g;

export function readersView(body: string): ReadersView {
  const hidden: string[] = [];
  const shown = pieces(body.replace(/\r\n?/g, '\n')).map(({ lines, isCode }) =>
    isCode ? codeAsItIs(lines, hidden) : withoutHidden(lines.join('\n'), hidden),
  );
  return { shown: shown.join('\n'), hidden: [...hidden, ...invisible(body)] };
}

/** All of it is shown but for what stands behind the mark that opens it. */
function codeAsItIs(lines: readonly string[], hidden: string[]): string {
  hidden.push(...lines.filter(line => FENCE_MARK.test(line)).flatMap(asides));
  return lines.join('\n');
}

const FENCE_MARK = /^(?:`{3,}|~{3,})/;

/** The tag block spells plain letters; what else is invisible is only counted. */
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

/** `[//]: #` says nothing by itself. */
const EMPTY_DEFINITION = /^\/*\]:[ \t]*(?:#|<>)/;

/** They stay where they are: only whoever stands at the gate is told. */
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

/** Fenced code, and what stands between. */
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
  /** No raw HTML came before. */
  readonly isTrusted: boolean;
  readonly isComment: boolean;
}

/** A fence inside a comment is none: the comment goes on to its end. */
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

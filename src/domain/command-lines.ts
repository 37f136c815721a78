/**
 * The lines of a comment that its author says in their own words, and which of them are commands or were meant as one. What
 * looks the same on the page means the same: case, up to three blanks before a command, and kinds of blanks make no
 * difference.
 */
import { type NearVerb, type Verb, verbOf } from './command-verb.ts';

export interface CommandLine extends Omit<Verb, 'near'> {
  /** The lines after it, up to the next command; without quotes, hidden text and blank lines. */
  readonly more: readonly string[];
  /** Meant as a command, but not written as one: why. */
  readonly near?: NearMiss;
}

export type NearMiss =
  | NearVerb
  /** Other words come before it. */
  | { readonly because: 'late' };

/** The work is linear in the length of the comment. */
export function commandLines(comment: string): readonly CommandLine[] {
  const found: Open[] = [];
  let isLate: boolean | undefined;
  for (const { line, place } of placedLines(comment)) {
    if (place === 'quote' || line.trim() === '') continue;
    const said = OWN_WORDS.includes(place) ? verbOf(line) : undefined;
    isLate ??= said === undefined;
    if (said !== undefined) found.push({ ...(isLate ? LATE : {}), ...said, more: [] });
    else if (REASONS.includes(place)) found.at(-1)?.more.push(line.trim());
  }
  return found;
}

/** The text in quotes, and what its author says besides, on one line. */
export function quotedAndSaid(comment: string): { readonly quoted: string; readonly said: string } {
  const lines = [...placedLines(comment)];
  const of = (places: readonly PlacedLine['place'][]): string =>
    lines.flatMap(({ line, place }) => (places.includes(place) ? line.trim() : [])).join(' ');
  return { quoted: of(['quote']), said: of(REASONS).trim() };
}

/** Where a command can stand, and where the words after it. */
const OWN_WORDS: readonly PlacedLine['place'][] = ['spoken', 'opening'];
const REASONS: readonly PlacedLine['place'][] = ['spoken', 'code'];

type Open = Omit<CommandLine, 'more'> & { readonly more: string[] };

const LATE = { near: { because: 'late' } } as const;

interface PlacedLine {
  readonly line: string;
  /** `opening`: an HTML comment begins on it, and hides what follows. */
  readonly place: 'spoken' | 'opening' | 'quote' | 'code' | 'hidden';
}

/** Where the reader of the lines is: a fence is its opening marks. */
interface Place {
  readonly fence?: string;
  readonly isQuote?: boolean;
  readonly isHidden?: boolean;
}

function* placedLines(comment: string): Generator<PlacedLine> {
  let place: Place = {};
  for (const line of comment.split(/\r\n|\n|\r/)) {
    const next = placeAfter(line, place);
    yield { line, place: placeOf(place, next) };
    place = next;
  }
}

function placeOf(before: Place, after: Place): PlacedLine['place'] {
  if (before.fence !== undefined || after.fence !== undefined) return 'code';
  if (before.isHidden === true) return 'hidden';
  if (before.isQuote === true || after.isQuote === true) return 'quote';
  return after.isHidden === true ? 'opening' : 'spoken';
}

function placeAfter(line: string, place: Place): Place {
  const marks = fenceMarks(line);
  if (place.fence !== undefined) return isClosing(line, marks, place.fence) ? {} : place;
  if (place.isHidden === true) return line.includes('-->') ? {} : place;
  if (marks !== undefined) return { fence: marks };
  if (isQuoted(line, place)) return { isQuote: true };
  return line.lastIndexOf('<!--') > line.lastIndexOf('-->') ? { isHidden: true } : {};
}

/** Markdown continues a quote until a blank line. */
function isQuoted(line: string, { isQuote = false }: Place): boolean {
  return line.trimStart().startsWith('>') || (isQuote && line.trim() !== '');
}

function fenceMarks(line: string): string | undefined {
  return /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
}

function isClosing(line: string, marks: string | undefined, fence: string): boolean {
  return marks?.startsWith(fence) === true && line.trim() === marks;
}

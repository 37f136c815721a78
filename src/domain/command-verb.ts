/** The verb at the start of a line: a command, or what was meant as one and is written otherwise. */
import { DECISION_KINDS, type DecisionKind } from './decision.ts';
import { nearestOf } from './near-word.ts';

export interface Verb {
  readonly kind: DecisionKind;
  /** The rest of the line. */
  readonly text: string;
  /** Meant as a command, but not written as one: why. */
  readonly near?: NearVerb;
}

export type NearVerb =
  { readonly because: 'spelling'; readonly word: string } | { readonly because: 'marks' };

/** Marks that people put around a command, copied from where they read it; and characters that nobody sees. */
const MARKS = new Set(Array.from('-*+`_~"\'“”()\\#[].0123456789\u200b\u200c\u200d\u200e\u200f\u2060\ufeff'));
/** Those of an empty check box. */
const MARKS_MAX = 6;
/** Four blanks make code of a line. */
const BLANKS_MAX = 3;
const WORD_CHARS_MAX = 40;
/** Keyboards for Chinese and Japanese write the second one. */
const SLASHES = ['/', '／'];

export function verbOf(line: string): Verb | undefined {
  const start = firstNot(line, character => character === ' ');
  if (start > BLANKS_MAX) return undefined;
  const marks = line.slice(start, start + MARKS_MAX);
  const from = start + firstNot(marks, character => MARKS.has(character) || character === ' ');
  const slash = line.charAt(from);
  if (!SLASHES.includes(slash)) return undefined;
  const isMarked = from > start;
  const found = wordsAfter(line.slice(from + 1), isMarked ? withoutMarks : text => text);
  if (found === undefined) return undefined;
  const { kind, text, written } = found;
  if (written !== undefined || slash !== '/')
    return { kind, text, near: { because: 'spelling', word: `${slash}${written ?? kind}` } };
  return isMarked ? { kind, text, near: { because: 'marks' } } : { kind, text };
}

interface Found extends Omit<Verb, 'near'> {
  /** As it is written, if that is not the word itself. */
  readonly written?: string;
}

function wordsAfter(said: string, bare: (text: string) => string): Found | undefined {
  const end = firstNot(said.slice(0, WORD_CHARS_MAX), character => !/\s/.test(character));
  if (end === WORD_CHARS_MAX) return undefined;
  const word = bare(said.slice(0, end));
  const text = bare(said.slice(end).trim());
  const kind = kindNamed(word);
  if (kind !== undefined) return { kind, text };
  const other = inWords(said) ?? withoutBlank(said);
  if (other !== undefined) return { ...other, text: bare(other.text) };
  const near = nearestKind(word.toLowerCase());
  return near === undefined ? undefined : { kind: near, text, written: word };
}

function kindNamed(word: string): DecisionKind | undefined {
  return DECISION_KINDS.find(kind => kind === word.toLowerCase());
}

/** `/set mode guarded`, `/ approve`. */
function inWords(said: string): Found | undefined {
  const begin = said.slice(0, WORD_CHARS_MAX).toLowerCase();
  for (const kind of DECISION_KINDS) {
    const spaced = begin.startsWith(' ') ? ` ${kind}` : kind.replaceAll('-', ' ');
    const isSaid = begin.startsWith(spaced) && /^(?:\s|$)/.test(begin.slice(spaced.length));
    if (isSaid)
      return { kind, text: said.slice(spaced.length).trim(), written: said.slice(0, spaced.length) };
  }
  return undefined;
}

/** `/set-mode=guarded`, `/escalate@ann`, `/approve(merge)`. */
function withoutBlank(said: string): Found | undefined {
  const [, word = '', mark = ''] = /^([a-z-]{1,40})([=@([{"“`])/i.exec(said) ?? [];
  const kind = kindNamed(word);
  if (kind === undefined) return undefined;
  const text = said.slice(word.length + (mark === '@' ? 0 : 1)).trim();
  return { kind, text: text.replace(/[)\]}"”`]$/, ''), written: `${word}${mark}` };
}

function firstNot(text: string, is: (character: string) => boolean): number {
  let at = 0;
  while (at < text.length && is(text.charAt(at))) at += 1;
  return at;
}

/** At its end. */
function withoutMarks(text: string): string {
  let end = text.length;
  while (end > 0 && WRAPPING.has(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

/** A digit at the end belongs to the words. */
const WRAPPING = new Set([...MARKS].filter(mark => !/\d/.test(mark)));

/** `approved`, `approve,` and `approve3f9a…` are no other words. */
const ENDINGS = /^(?:d|ed|led|s|[.,:;!?]+|:?[0-9a-f]{6,64})$/;

function nearestKind(word: string): DecisionKind | undefined {
  const begun = DECISION_KINDS.find(kind => word.startsWith(kind) && ENDINGS.test(word.slice(kind.length)));
  return begun ?? nearestOf(word, DECISION_KINDS);
}

/**
 * Makes outside text (issues, agents, command output) safe to post under our name: it closes, mentions, embeds and commands
 * nothing, whether it is read as Markdown, as a title, as a commit message or as raw text by another bot.
 *
 * Markdown escapes alone are not enough: GitHub finds mentions and references in the rendered text, and bots read the raw
 * text. So a plain space breaks each live form; it is visible and works for every reader. Both are decided on the text as it
 * was said and written in one pass, so that no escape is ever escaped or read as a live form.
 */
import { visible } from './invisible.ts';

/** One line of Markdown, for text and table cells; not for use inside backticks. */
export function neutralise(text: string, charsMax: number): string {
  const line = oneLine(text, charsMax);
  const starts = LINE_START.exec(line)?.[0].length ?? 0;
  return posted(line, {
    breaks: breaksIn(line, [...LIVE_FORMS, ...(hasMath(line) ? [OPENS_MATH] : [])]),
    escape: (character, at) => escaped(character, at === starts - 1),
  });
}

/** One line without Markdown escapes, for titles and commit messages. */
export function plainLine(text: string, charsMax: number): string {
  const line = oneLine(text, charsMax);
  return posted(line, { breaks: breaksIn(line, LIVE_FORMS) });
}

/** Inline code that its content cannot end, also within a table. */
export function inlineCode(text: string): string {
  return `\`${text.replace(/[`|\r\n]/g, '?')}\``;
}

/** A code block that its content cannot end. It must start on its own line, after an empty line. */
export function fence(text: string, charsMax: number): string {
  const said = cut(visible(text), charsMax).replace(/\n$/, '');
  const content = posted(said, { breaks: breaksIn(said, [...LIVE_FORMS, OUR_MARK]) });
  const ticks = '`'.repeat(Math.max(3, longestRun(content, '`') + 1));
  return `${ticks}text\n${content}\n${ticks}`;
}

/** Each form with an effect. A space after the match disables it. */
const LIVE_FORMS: readonly RegExp[] = [
  /** `@login`, `@org/team`; an address like a@b is not a mention, but what follows it can be one: a@b.c@login. */
  /(?:(?<![A-Za-z0-9])|(?<=@[^\s@]{1,254}))@(?=[A-Za-z0-9])/g,
  /** `#12`, `owner/repo#12`, and so every closing keyword. */
  /#(?=\p{Nd})/gu,
  /(?<![A-Za-z0-9])GH-(?=\d)/gi,
  /** Any URL: references, images, links under our name. */
  /:\/\/(?=\S)/g,
  /** Before the dot: even a bare `www.` becomes a link. */
  /www(?=\.)/gi,
  /** `[skip ci]`, `[ci skip]`, `[no ci]`, `[skip actions]` and similar; `skip-checks: true`; `***NO_CI***`. */
  /\[(?=[^[\]\n]{0,40}\b(?:skip|no|ci|actions)\b)/gi,
  /skip-checks(?=:)/gi,
  /NO_(?=CI)/gi,
  /** `Signed-off-by:`, `Co-authored-by:` and other trailers that give credit or certify. */
  /(?<=[a-z0-9]-by)(?=:)/gi,
];
/** Two dollars can be a formula, and a formula can hide text. GitHub looks for it in the rendered text too. */
const OPENS_MATH = /\$(?=\S)/g;
/** Markers and snapshots of ours start with it. */
const OUR_MARK = /<!(?=--)/g;

function hasMath(line: string): boolean {
  return line.indexOf('$') !== line.lastIndexOf('$');
}

/** A mark that makes a list, a heading or a rule of its line. */
const LINE_START = /^(?:[-+=]|\d+[.)])/;
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', $: '&dollar;' };
const MARKUP = '\\`*_[]|~#!{}()';

function escaped(character: string, isLineStart: boolean): string {
  const entity = ENTITIES[character];
  if (entity !== undefined) return entity;
  return isLineStart || MARKUP.includes(character) ? `\\${character}` : character;
}

/** Where the spaces go: offsets in the text as it was said. */
function breaksIn(text: string, forms: readonly RegExp[]): ReadonlySet<number> {
  const ends = forms.flatMap(form => Array.from(text.matchAll(form), match => match.index + match[0].length));
  const breaks = new Set(ends.filter(at => !SPACE.test(text.charAt(at))));
  for (const { index, 0: whole, 1: start = '' } of text.matchAll(COMMAND)) {
    const [from, to] = [index + start.length, index + whole.length];
    const isWord = text.charAt(to) !== '/' || rangeOf(from + 1, to).some(at => breaks.has(at));
    if (isWord) breaks.add(from);
  }
  return breaks;
}

/**
 * `/approve` at the start of a line, also after quote and list marks. `/usr/bin` is a path, unless a space ends its first
 * word.
 */
const COMMAND = /^((?:[^\S\n\r\u2028\u2029]|[>*+-])*\/)[A-Za-z][\w-]*/gm;

const SPACE = /\s/;

function rangeOf(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

interface Writing {
  readonly breaks: ReadonlySet<number>;
  readonly escape?: (character: string, at: number) => string;
}

function posted(text: string, { breaks, escape = character => character }: Writing): string {
  let safe = '';
  for (let at = 0; at < text.length; at += 1)
    safe += `${breaks.has(at) ? ' ' : ''}${escape(text.charAt(at), at)}`;
  return safe;
}

function oneLine(text: string, charsMax: number): string {
  return cut(visible(text).replace(/\s+/g, ' ').trim(), charsMax);
}

/** Cuts by code points, so that no surrogate pair is split and no joiner is left without what it joins. */
function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  const points = Array.from(text.slice(0, (charsMax + 1) * 2));
  if (points.length <= charsMax) return text;
  const kept = points.slice(0, charsMax).join('');
  return `${kept.replace(/[\u200C\u200D]$/, '')}…`;
}

/** A loop, because a spread of all runs would overflow the stack. */
function longestRun(text: string, character: string): number {
  let [longest, run] = [0, 0];
  for (const one of text) {
    run = one === character ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

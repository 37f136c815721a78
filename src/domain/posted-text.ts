/**
 * Outside text (issues, agents, command output) made fit to be posted under our name: it closes, mentions, embeds and
 * commands nothing, whether it is read as Markdown, as a title, as a commit message or raw by another bot.
 *
 * Markdown escapes alone do not do that: GitHub looks for mentions and references in the rendered text, bots look in the
 * raw one. So each live form is first taken apart by a plain space, which anyone can see and which survives all readers.
 */

/** One line of Markdown, for running text and table cells; not for the inside of backticks. */
export function neutralise(text: string, charsMax: number): string {
  return escapeMarkdown(plainLine(text, charsMax));
}

/** One line without Markdown escapes, for titles and commit messages. */
export function plainLine(text: string, charsMax: number): string {
  return defuse(cut(visible(text).replace(/\s+/g, ' ').trim(), charsMax));
}

/** A code block that its content cannot end; put it at the start of a line, after an empty one. */
export function fence(text: string, charsMax: number): string {
  const content = defuse(cut(visible(text), charsMax));
  const longestRun = Math.max(0, ...Array.from(content.matchAll(/`+/g), run => run[0].length));
  const ticks = '`'.repeat(Math.max(3, longestRun + 1));
  return `${ticks}text\n${content.replace(/\n$/, '')}\n${ticks}`;
}

/** Shows what a reader would not see: controls, bidi marks, zero-width and tag characters, as `⟦U+202E⟧`. */
export function visible(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(hidden, character => {
    const point = character.codePointAt(0) ?? 0;
    return `⟦U+${point.toString(16).toUpperCase().padStart(4, '0')}⟧`;
  });
}

/** All but newline and tab; a joiner or a selector inside an emoji is part of what is seen. */
const hidden = new RegExp(
  [
    '(?![\\n\\t])',
    '(?!(?<=\\p{Extended_Pictographic})\\uFE0F(?!\\p{Variation_Selector}))',
    '(?!(?<=\\p{Extended_Pictographic}\\uFE0F?)\\u200D(?=\\p{Extended_Pictographic}))',
    '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cs}\\p{Default_Ignorable_Code_Point}]',
  ].join(''),
  'gu',
);

/** Each form that does something, with the place where a space stops it. */
const liveForms: readonly (readonly [form: RegExp, inert: string])[] = [
  /** `@login`, `@org/team`; an address like a@b is none. */
  [/(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g, '@ '],
  /** `#12`, `owner/repo#12`, and with them every closing keyword. */
  [/#(?=\p{Nd})/gu, '# '],
  [/\b(GH-)(?=\d)/gi, '$1 '],
  /** Any address: references by URL, images, links under our name. */
  [/:\/\/(?=\S)/g, ':// '],
  /** Before the dot: readers take even a bare `www.` for an address. */
  [/\b(www)(?=\.)/gi, '$1 '],
  /** `/approve` where a line starts, also behind quote and list marks; `/usr/bin` is a path. */
  [/^((?:[^\S\n]|[>*+-])*\/)(?=[A-Za-z][\w-]*(?![\w/-]))/gm, '$1 '],
  /** `[skip ci]`, `[ci skip]`, `[no ci]`, `[skip actions]` and their kin; `skip-checks: true`; `***NO_CI***`. */
  [/\[(?=[^[\]\n]{0,40}\b(?:skip|no|ci|actions)\b)/gi, '[ '],
  [/\b(skip-checks):/gi, '$1 :'],
  [/\b(NO_)(?=CI\b)/gi, '$1 '],
  /** `Signed-off-by:`, `Co-authored-by:` and other trailers that credit or certify. */
  [/(?<![\w-])([a-z0-9]+(?:-[a-z0-9]+)*-by):/gi, '$1 :'],
];

function defuse(text: string): string {
  return liveForms.reduce((safe, [form, inert]) => safe.replace(form, inert), text);
}

function escapeMarkdown(line: string): string {
  return line
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/\$/g, '&#36;')
    .replace(/[\\`*_[\]|~#!{}()]/g, '\\$&')
    .replace(/^[-+=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2');
}

/** By code points, so that no half character is left. */
function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  return `${Array.from(text.slice(0, charsMax * 2))
    .slice(0, charsMax)
    .join('')}…`;
}

/**
 * Makes outside text (issues, agents, command output) safe to post under our name: it closes, mentions, embeds and commands
 * nothing, whether it is read as Markdown, as a title, as a commit message or as raw text by another bot.
 *
 * Markdown escapes alone are not enough: GitHub finds mentions and references in the rendered text, and bots read the raw
 * text. So a plain space first breaks each live form; it is visible and works for every reader.
 */

/** One line of Markdown, for text and table cells; not for use inside backticks. */
export function neutralise(text: string, charsMax: number): string {
  return escapeMarkdown(plainLine(text, charsMax));
}

/** One line without Markdown escapes, for titles and commit messages. */
export function plainLine(text: string, charsMax: number): string {
  return defuse(cut(visible(text).replace(/\s+/g, ' ').trim(), charsMax));
}

/** A code block that its content cannot end. It must start on its own line, after an empty line. */
export function fence(text: string, charsMax: number): string {
  const content = defuse(cut(visible(text), charsMax));
  const longestRun = Math.max(0, ...Array.from(content.matchAll(/`+/g), run => run[0].length));
  const ticks = '`'.repeat(Math.max(3, longestRun + 1));
  return `${ticks}text\n${content.replace(/\n$/, '')}\n${ticks}`;
}

/** Makes invisible characters visible: controls, bidi marks, zero-width and tag characters, as `⟦U+202E⟧`. */
export function visible(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(hidden, character => {
    const point = character.codePointAt(0) ?? 0;
    return `⟦U+${point.toString(16).toUpperCase().padStart(4, '0')}⟧`;
  });
}

/** All except newline and tab. A joiner or selector inside an emoji is part of the visible character. */
const hidden = new RegExp(
  [
    '(?![\\n\\t])',
    '(?!(?<=\\p{Extended_Pictographic})\\uFE0F(?!\\p{Variation_Selector}))',
    '(?!(?<=\\p{Extended_Pictographic}\\uFE0F?)\\u200D(?=\\p{Extended_Pictographic}))',
    '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cs}\\p{Default_Ignorable_Code_Point}]',
  ].join(''),
  'gu',
);

/** Each form with an effect, and where a space disables it. */
const liveForms: readonly (readonly [form: RegExp, inert: string])[] = [
  /** `@login`, `@org/team`; an address like a@b is not a mention. */
  [/(?<![A-Za-z0-9])@(?=[A-Za-z0-9])/g, '@ '],
  /** `#12`, `owner/repo#12`, and so every closing keyword. */
  [/#(?=\p{Nd})/gu, '# '],
  [/\b(GH-)(?=\d)/gi, '$1 '],
  /** Any URL: references, images, links under our name. */
  [/:\/\/(?=\S)/g, ':// '],
  /** Before the dot: even a bare `www.` becomes a link. */
  [/\b(www)(?=\.)/gi, '$1 '],
  /** `/approve` at the start of a line, also after quote and list marks; `/usr/bin` is a path. */
  [/^((?:[^\S\n\r\u2028\u2029]|[>*+-])*\/)(?=[A-Za-z][\w-]*(?![\w/-]))/gm, '$1 '],
  /** `[skip ci]`, `[ci skip]`, `[no ci]`, `[skip actions]` and similar; `skip-checks: true`; `***NO_CI***`. */
  [/\[(?=[^[\]\n]{0,40}\b(?:skip|no|ci|actions)\b)/gi, '[ '],
  [/\b(skip-checks):/gi, '$1 :'],
  [/\b(NO_)(?=CI\b)/gi, '$1 '],
  /** `Signed-off-by:`, `Co-authored-by:` and other trailers that give credit or certify. */
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

/** Cuts by code points, so that no surrogate pair is split. */
function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text;
  return `${Array.from(text.slice(0, charsMax * 2))
    .slice(0, charsMax)
    .join('')}…`;
}

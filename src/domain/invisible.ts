/** Characters that readers do not see: written out where text is shown or stored, and counted for the start gate. */

/** Writes out invisible characters (controls, bidi marks, zero-width and tag characters) as `⟦U+202E⟧`. */
export function visible(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(INVISIBLE_OR_FLAG, found => {
    if (found.startsWith(BLACK_FLAG)) return found;
    const point = found.codePointAt(0) ?? 0;
    return `⟦U+${point.toString(16).toUpperCase().padStart(4, '0')}⟧`;
  });
}

/**
 * What written-out characters hide, in text from `visible`: the letters that the tag block spells, and the number of all
 * others. Private characters and halves of pairs are seen as a box, so they do not count.
 */
export function invisibleTexts(text: string): readonly string[] {
  const points = Array.from(text.matchAll(WRITTEN_OUT), ([, hex = '']) => Number.parseInt(hex, 16));
  const unseen = points.filter(point => !isSeenAsBox(point));
  const letters = unseen.filter(isTagLetter);
  const spelled = String.fromCodePoint(...letters.slice(0, TAGS_MAX).map(point => point - TAG_BLOCK)).trim();
  const others = unseen.length - (spelled === '' ? 0 : letters.length);
  return [
    ...(spelled === '' ? [] : [spelled]),
    ...(others === 0 ? [] : [`${others} invisible character${others === 1 ? '' : 's'}`]),
  ];
}

const BLACK_FLAG = '\u{1F3F4}';
const tags = (letters: string): string =>
  Array.from(letters, letter => String.fromCodePoint(TAG_BLOCK + letter.charCodeAt(0))).join('');
const TAG_BLOCK = 0xe0000;
/** Stands after some letters to choose their form; each is the sign that ends a consonant without its vowel. */
const VIRAMAS = '\\u094D\\u09CD\\u0A4D\\u0ACD\\u0B4D\\u0BCD\\u0C4D\\u0CCD\\u0D4D\\u0DCA';
/**
 * All except newline and tab, and except what belongs to a visible character: selectors and joiners inside an emoji, a
 * keycap, the three flags that are spelled with tags, and joiners that writing systems need.
 */
const INVISIBLE_OR_FLAG = new RegExp(
  [
    `${BLACK_FLAG}(?:${['gbeng', 'gbsct', 'gbwls'].map(tags).join('|')})\\u{E007F}|`,
    '(?![\\n\\t])',
    '(?!(?<=\\p{Extended_Pictographic})[\\uFE0E\\uFE0F](?!\\p{Variation_Selector}))',
    '(?!(?<=[0-9#*])\\uFE0F\\u20E3)',
    '(?!(?<=\\p{Extended_Pictographic}\\uFE0F?|\\p{Emoji_Modifier})\\u200D(?=\\p{Extended_Pictographic}))',
    '(?!(?<=\\p{Script=Arabic})\\u200C(?=\\p{Script=Arabic}))',
    `(?!(?<=[${VIRAMAS}])[\\u200C\\u200D](?=\\p{L}))`,
    '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Co}\\p{Cs}\\p{Default_Ignorable_Code_Point}]',
  ].join(''),
  'gu',
);
const WRITTEN_OUT = /⟦U\+([0-9A-F]{4,6})⟧/g;
const TAGS_MAX = 1_000;

function isTagLetter(point: number): boolean {
  return point >= 0xe0020 && point < 0xe007f;
}

function isSeenAsBox(point: number): boolean {
  return (
    (point >= 0xd800 && point <= 0xf8ff) ||
    (point >= 0xf0000 && point <= 0xffffd) ||
    (point >= 0x100000 && point <= 0x10fffd)
  );
}

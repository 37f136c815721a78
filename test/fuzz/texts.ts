/** Texts that somebody outside may send: markup, long runs, broken characters. */
import fc from 'fast-check';

/** Pieces that some parser may treat in a special way; each also makes a long run. */
export const PIECES: readonly string[] = [
  ...[' ', '\t', '\n', '\r\n', '\n\n', '\r', '\u00a0', '\u2028', '\0', '\ufeff'],
  ...[
    '#',
    '# ',
    '.',
    '..',
    '../',
    './',
    '/',
    '\\',
    '-',
    '- ',
    '--',
    '---',
    '-\n',
    '+ ',
    '*',
    '* ',
    '**',
    '***',
  ],
  ...[
    '_',
    '__',
    '~',
    '~~',
    '~~~',
    '`',
    '``',
    '```',
    '` ',
    '```\n',
    '=',
    '=\n',
    ':',
    ';',
    ',',
    '!',
    '?',
    '$',
    '%',
  ],
  ...[
    '[',
    ']',
    '[]',
    '![',
    '](',
    '[a](',
    '[a]: ',
    '[x] ',
    '[ ] ',
    '(',
    ')',
    '{',
    '}',
    '{{',
    '<',
    '>',
    '> ',
    '>\n',
  ],
  ...[
    '<!--',
    '-->',
    '<!',
    '<?',
    '<a ',
    '<h3>',
    '</h3>',
    '<a href="',
    '<![CDATA[',
    '&',
    '&amp;',
    '&#',
    '|',
    '|-',
  ],
  ...[
    '"',
    "'",
    '0',
    '9',
    '1. ',
    '1) ',
    'a',
    'A',
    'a-',
    'a.',
    'a ',
    'a@',
    '@a',
    '@',
    '/approve ',
    'a\n',
    '\u0301',
    '\u0301\u0327',
    '\ufdfa',
  ],
  ...[
    'é',
    'e\u0301',
    '\u4e2d',
    '\u0627',
    '😀',
    '👩‍💻',
    '1\ufe0f\u20e3',
    '\u200b',
    '\u202e',
    '\u{e0061}',
    '\ud83d',
    '\udc00',
  ],
  ...[
    '⟦U+200B⟧',
    'U+',
    '\\n',
    '\\u0000',
    'null',
    '{"a":',
    '[[',
    'a: ',
    '&a ',
    '*a ',
    '!!',
    '? ',
    '%a',
    'www.',
    'http://',
  ],
];

/** A short text of pieces, letters and any characters. */
export const shortText: fc.Arbitrary<string> = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map(pieces => pieces.join('')),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** A piece or two, repeated many times, with an end that does not fit. */
export const longRun: fc.Arbitrary<string> = fc
  .tuple(fc.constantFrom(...PIECES), fc.constantFrom('', ...PIECES), fc.nat(4_000), shortText)
  .map(([one, other, times, end]) => `${(one + other).repeat(times)}${end}`);

/** Any text that may come from outside. */
export const outsideText: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: fc.array(shortText, { maxLength: 12 }).map(texts => texts.join('\n')) },
  { weight: 1, arbitrary: fc.tuple(shortText, longRun).map(([start, run]) => start + run) },
);

/** One line of words that nothing treats in a special way; it is never empty, and no placeholder. */
export const plainWords: fc.Arbitrary<string> = fc
  .array(fc.stringMatching(/^[a-z]{6,9}$/), { minLength: 1, maxLength: 6 })
  .map(words => words.join(' '));

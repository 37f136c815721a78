/**
 * The forms in which a file can carry a token: as it is, in UTF-16, behind zero bytes, escaped, split over string literals
 * or lines, in base64, in hexadecimal. Each view is made in time linear in the size of the file.
 */

/** The file as text. Without its zero bytes, ASCII text in UTF-16 of either byte order is plain ASCII. */
export function plainTexts(bytes: Buffer): readonly string[] {
  const text = bytes.toString('utf8');
  const solid = text.replace(/[\0\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
  return unique([solid, text.replaceAll('\0', '\n')]);
}

/** What the text says once its escapes are resolved and its string literals are put together. */
export function readableViews(text: string): readonly string[] {
  const plain = unescaped(text);
  return unique([text, plain, concatenated(plain)]);
}

/** The text without its line breaks: a token can continue on the next line, and base64 is wrapped. */
export function onOneLine(text: string): string {
  return concatenated(unescaped(text))
    .split(/\n|\\{1,4}[nr]/)
    .map(line => line.trim().replace(LINE_MARK, '').replace(/\\$/, ''))
    .join('');
}

/** Marks of comments and quotes; a base64 line can start with a slash, but has no blank. */
const LINE_MARK = /^(?:\/\/+|#+|\*+|>+|--+|;+)\s+/;

/** The bytes that the text carries in base64, in hexadecimal or as a list of numbers, as Latin-1. `line` is the text on one line. */
export function decodedViews(text: string, line: string): readonly string[] {
  const views = [
    ...fromBase64(line),
    ...fromHexadecimal(unescaped(text)),
    ...fromHexadecimal(withoutDumpColumns(text)),
    fromDecimal(text),
  ];
  return unique(views.flatMap(view => [view, view.replaceAll('\0', '')]));
}

/** `\u0067`, `\x67`, `\147`, `%67`, `&#103;`: only those of ASCII characters, which tokens consist of. */
function unescaped(text: string): string {
  return text.replace(ESCAPES, (...found: readonly unknown[]) => {
    const { octal, decimal, ...hexadecimal } = found.at(-1) as Readonly<Record<string, string | undefined>>;
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    if (decimal !== undefined) return String.fromCharCode(Number(decimal));
    const digits = Object.values(hexadecimal).find(one => one !== undefined) ?? '';
    return String.fromCharCode(Number.parseInt(digits, 16));
  });
}

const ESCAPES = new RegExp(
  [
    /\\{1,4}U000000(?<long>[0-7][0-9a-f])/,
    /\\{1,4}u\{0{0,4}(?<braced>[0-7][0-9a-f])\}/,
    /\\{1,4}u00(?<short>[0-7][0-9a-f])/,
    /\\{1,4}x(?<byte>[0-7][0-9a-f])/,
    /\\{1,4}(?<octal>0?[01][0-7]{2}|[4-7][0-7](?![0-7]))/,
    /%(?<percent>[2-7][0-9a-f])/,
    /&#x0{0,4}(?<entity>[2-7][0-9a-f]);/,
    /&#0{0,4}(?<decimal>\d{2,3});/,
  ]
    .map(part => part.source)
    .join('|'),
  'gi',
);

/** `'gh' + 'p_…'`, `"gh" "p_…"`, `['gh', 'p_…'].join('')`, `gh${'p_…'}`: drops what is between two literals. */
function concatenated(text: string): string {
  return text
    .replace(/\/\*[^*]{0,200}\*\//g, '')
    .replace(/(["'`][\s+.,&]{0,20})(?:\/\/|#)[^\n"'`]{0,200}\n/g, '$1\n')
    .replace(/(["'`]\s{0,20}[+.,&][\s+.,&]{0,20})(?:\/\/|#)[^\n]{0,200}\n/g, '$1\n')
    .replace(/[$#]\{\s{0,20}["'`]|["'`]\s{0,20}\}/g, '')
    .replace(/["'`](?:[\s+.,&|<>()\\~[\]_]|concat|join){0,400}[bfrul@$]{0,2}["'`]/gi, '');
}

/** Each run is decoded from four starts, because unrelated letters can stand before it. */
function fromBase64(line: string): readonly string[] {
  const runs = line.match(/[A-Za-z0-9+/_-]{24,}/g) ?? [];
  return [0, 1, 2, 3].map(start =>
    runs.map(run => Buffer.from(run.slice(start), 'base64').toString('latin1')).join('\n'),
  );
}

const HEX_DIGITS_MIN = 40;
const HEX_GAP_MAX = 6;

/** Digits in a row, or with blanks, commas, quotes and `0x` between them, as in a dump or a list of bytes. */
function fromHexadecimal(text: string): readonly string[] {
  const runs = hexRuns(text);
  return [0, 1].map(start =>
    runs.map(run => Buffer.from(run.slice(start), 'hex').toString('latin1')).join('\n'),
  );
}

/** The bytes of a dump, without the place at the start of each line and the letters at its end. */
function withoutDumpColumns(text: string): string {
  return text.replace(DUMP_LINE, '$<bytes>\n');
}

const DUMP_LINE =
  /^[0-9a-f]{4,16}:?[ \t]{1,4}(?<bytes>(?:[0-9a-f]{2,8}[ \t]{1,2}){1,32})[^\n]{0,80}(?:\n|$)/gim;

/** A list of character codes: `[103, 104, 112]`, `chr(103) + chr(104)`, `103;104`. */
function fromDecimal(text: string): string {
  const runs: string[] = [];
  let [codes, end]: [number[], number] = [[], 0];
  const finish = (): void => {
    if (codes.length >= CODES_MIN) runs.push(Buffer.from(codes).toString('latin1'));
    codes = [];
  };
  for (const { index, 0: digits } of text.matchAll(/\d+/g)) {
    if (index - end > CODE_GAP_MAX) finish();
    end = index + digits.length;
    if (digits.length <= 3 && isPrintable(Number(digits))) codes.push(Number(digits));
    else finish();
  }
  finish();
  return runs.join('\n');
}

const CODES_MIN = 16;
/** As between two calls of `String.fromCharCode`. */
const CODE_GAP_MAX = 26;

function isPrintable(code: number): boolean {
  return code > 32 && code < 127;
}

function hexRuns(text: string): readonly string[] {
  const runs: string[] = [];
  let digits: string[] = [];
  let gap = 0;
  const end = (): void => {
    if (digits.length >= HEX_DIGITS_MIN) runs.push(digits.join(''));
    digits = [];
    gap = 0;
  };
  for (const letter of text) {
    if (HEX.has(letter)) {
      digits.push(letter);
      gap = 0;
    } else if (digits.length > 0) {
      if ((letter === 'x' || letter === 'X') && digits.at(-1) === '0') digits.pop();
      gap += 1;
      if (gap > HEX_GAP_MAX || !HEX_GAPS.has(letter)) end();
    }
  }
  end();
  return runs;
}

const HEX = new Set('0123456789abcdefABCDEF');
const HEX_GAPS = new Set(' \t\r\n,:;"\'-+.&\\xX');

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

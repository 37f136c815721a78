/** Secrets in a form that is not plain text: escaped, encoded, split, or next to other letters. */
import { fakeToken, letters } from './corpus.ts';

const AWS_ID = ['AK', 'IAQ3EGRVKSJDO7ABCD'].join('');
const rest = fakeToken.slice(4);

const hidden: Readonly<Record<string, string | Buffer>> = {
  'behind a zero byte and a letter': `x\0${fakeToken}`,
  'with a zero byte inside': `${fakeToken.slice(0, 10)}\0${fakeToken.slice(10)}`,
  'with an invisible character inside': `${fakeToken.slice(0, 10)}\u200b${fakeToken.slice(10)}`,
  'behind a letter': `x${fakeToken}`,
  'before more letters': `${AWS_ID}x`,
  'in UTF-16, big-endian': Buffer.from(`token=${fakeToken}`, 'utf16le').swap16(),
  'with a JavaScript escape': fakeToken.replace('g', String.raw`\u0067`),
  'with a JSON escape in a string': fakeToken.replace('g', String.raw`\\u0067`),
  'with a braced escape': fakeToken.replace('g', String.raw`\u{67}`),
  'in hexadecimal escapes': escaped(fakeToken, byte => String.raw`\x${byte.toString(16)}`),
  'in octal escapes': escaped(fakeToken, byte => `\\${byte.toString(8).padStart(3, '0')}`),
  'in octal escapes of two and three digits': escaped(fakeToken, byte => `\\${byte.toString(8)}`),
  'with a percent escape': fakeToken.replace('h', '%68'),
  'with an HTML entity': fakeToken.replace('h', '&#104;'),
  'in base64 over several lines': wrapped(base64(`token = ${fakeToken} and more text`), 20, '\n  '),
  'in base64 over several comment lines': wrapped(base64(`token=${fakeToken}`), 30, '\n# '),
  'in base64 over several literals': `"${wrapped(base64(`x${fakeToken}`), 24, '" +\n  "')}"`,
  'in base64 behind letters': `junk${base64(`a${fakeToken}`)}`,
  'in base64 of binary data': base64(Buffer.concat([Buffer.from([0, 200, 1, 255]), Buffer.from(fakeToken)])),
  'in base64 of UTF-16': base64(Buffer.from(fakeToken, 'utf16le')),
  'of 20 characters in base64': base64(AWS_ID),
  'in hexadecimal': Buffer.from(fakeToken).toString('hex'),
  'in hexadecimal with an odd digit before it': `a${Buffer.from(fakeToken).toString('hex')}`,
  'as a list of bytes': `[0x${wrapped(Buffer.from(fakeToken).toString('hex'), 2, ', 0x')}]`,
  'as a hexadecimal dump': wrapped(Buffer.from(fakeToken).toString('hex').toUpperCase(), 2, ' '),
  'as a list of character codes': `[${[...Buffer.from(fakeToken)].join(', ')}]`,
  'in hexadecimal over several literals': `'${wrapped(Buffer.from(fakeToken).toString('hex'), 10, "' + '")}'`,
  'in a dump with places and letters': dump(fakeToken, 2),
  'in a dump of pairs': dump(fakeToken, 4),
  'as calls with character codes': [...Buffer.from(fakeToken)]
    .map(code => `String.fromCharCode(${code})`)
    .join(' + '),
  'as character codes with semicolons': [...Buffer.from(fakeToken)].join(';'),
  'in base64 with escaped line breaks': `{"content":"${wrapped(base64(`token=${fakeToken}`), 20, '\\n')}"}`,
  'in an address in base64': `DATABASE_URL: ${base64('postgres://shop:p4ssw0rdX9kL@db.shop.internal/shop')}`,
  'with a variation selector inside': `${fakeToken.slice(0, 10)}\ufe0f${fakeToken.slice(10)}`,
  'in literals with comments to the end of the line': `'ghp_' // first\n  + '${rest}' # last\n`,
  'in literals with a comment that has a quote': `'ghp_' + // don't\n  '${rest}'`,
  'in literals far from each other': `"ghp_"\n${' '.repeat(120)}"${rest}"`,
  'in two literals with a plus': `'ghp_' + '${rest}'`,
  'in adjacent literals': `"ghp_" "${rest}"`,
  'in adjacent literals on two lines': `("ghp_"\n   f"${rest}")`,
  'in literals of a list': `['gh', 'p_', '${rest}'].join('')`,
  'in a template': `\`ghp_\${'${rest}'}\``,
  'in a Ruby template': `"ghp_#{'${rest}'}"`,
  'in literals with a method between': `'ghp_'.concat('${rest}')`,
  'in literals with a comment between': `'ghp_' + /* so */ '${rest}'`,
  'before a word of placeholders': `${fakeToken}EXAMPLE`,
  'in an address that names a local one later':
    'postgres://shop:p4ssw0rdX9kL@db.shop.internal/shop?peer=@localhost',
  'in an address that names a local one first':
    'mongodb://shop:p4ssw0rdX9kL@localhost:1,db.shop.internal:2/shop',
  'wrapped after its first letters': `ghp_\n${rest}`,
};

/** The same forms without a secret. */
const plain: Readonly<Record<string, string>> = {
  'zero bytes in text': 'a\0b\0c',
  'escapes in text': String.raw`"caf\u00e9 \x41\x42 %20 &#65; \101"`,
  'base64 of a text over several lines': wrapped(base64('nothing to see in this text, really'), 20, '\n'),
  'hexadecimal of a text': Buffer.from('nothing to see in this text, really').toString('hex'),
  'a list of bytes': `[0x${wrapped('00112233445566778899aabbccddeeff'.repeat(4), 2, ', 0x')}]`,
  'a list of words': `['ghp', 'task-', 'hf', 'npm', '${letters.slice(0, 20)}'].join(' ')`,
  'a word that ends like a prefix, and a digest': `task-${'0a1b2c3d'.repeat(8)}`,
  'a prefix at the end of a line': 'Tokens start with ghp_\nThe rest is random.',
  'the head of a key before ordinary lines': `-----BEGIN PRIVATE KEY-----\n...\n${'word1\n'.repeat(20)}`,
  'a list of numbers': `[${Array.from({ length: 300 }, (_, index) => index * 7).join(', ')}]`,
  'a dump of text': dump('nothing to see in this text, really', 2),
  'calls with numbers': Array.from({ length: 60 }, (_, index) => `f(${40 + index})`).join(' + '),
  'an id of documentation': 'AKIAIOSFODNN7EXAMPLE',
  'addresses of documentation': [
    'mongodb+srv://<username>:<password>@cluster.mongodb.net',
    'https://username:token@github.com/a/b',
    'postgres://test:test@test-db/x',
    'postgres://user:p4ssw0rdX9kL@pg.example.com:5432/x',
    'mysql://user:p4ssw0rdX9kL@127.0.0.1/x',
  ].join('\n'),
  'a local address in base64': base64('postgres://user:p4ssw0rdX9kL@localhost/shop'),
  'a lock file': `"resolved": "https://registry.npmjs.org/a/-/a-1.0.0.tgz",\n"integrity": "sha512-${'aB3+dE5/'.repeat(10)}=="\n`,
};

export const hiddenSecrets: readonly (readonly [form: string, content: Buffer])[] = Object.entries(
  hidden,
).map(([form, content]) => [form, Buffer.from(content)]);
export const plainContents: readonly (readonly [form: string, content: Buffer])[] = Object.entries(plain).map(
  ([form, content]) => [form, Buffer.from(content)],
);

function escaped(text: string, form: (byte: number) => string): string {
  return [...Buffer.from(text)].map(form).join('');
}

function dump(text: string, width: number): string {
  const lines = wrapped(Buffer.from(text).toString('hex'), 32, '\n').split('\n');
  return lines
    .map((line, at) => {
      const place = (at * 16).toString(16).padStart(8, '0');
      return `${place}: ${wrapped(line, width, ' ')}  ${Buffer.from(line, 'hex').toString()}`;
    })
    .join('\n');
}

function base64(content: string | Buffer): string {
  return Buffer.from(content).toString('base64');
}

function wrapped(text: string, width: number, between: string): string {
  return (text.match(new RegExp(`.{1,${width}}`, 'g')) ?? []).join(between);
}

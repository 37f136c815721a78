/** Finds a secret in a text in many encodings: plain, encoded at any alignment, reversed, escaped or split. */

const WRITINGS = [
  'plain',
  'base64 at 0',
  'base64 at 1',
  'base64 at 2',
  'hex',
  'percent',
  'backwards',
  'over lines',
  'wide',
] as const;
export type Writing = (typeof WRITINGS)[number];
export const writings: readonly Writing[] = WRITINGS;

/** The names of the encodings in which the text contains the secret. */
export function writingsIn(text: string, secret: string): readonly Writing[] {
  return searchable(text)(secret);
}

/** The same for many secrets; the expensive preparation of the text happens once. */
export function searchable(text: string): (secret: string) => readonly Writing[] {
  const url = text.replaceAll('-', '+').replaceAll('_', '/');
  const lower = text.toLowerCase();
  const decoded = text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  const joined = text.replace(/\\[nrt"']|[\s"'+,;.|>-]/g, '');
  const narrow = text.replaceAll('\0', '');
  return secret => {
    // Characters that are removed from the text are removed from the secret too.
    const bare = secret.replace(/[-+.,]/g, '');
    const base64 = [0, 1, 2].map(offset => base64At(secret, offset));
    const found: Readonly<Record<Writing, boolean>> = {
      plain: text.includes(secret),
      'base64 at 0': url.includes(base64[0] ?? secret),
      'base64 at 1': url.includes(base64[1] ?? secret),
      'base64 at 2': url.includes(base64[2] ?? secret),
      hex: lower.includes(Buffer.from(secret).toString('hex')),
      percent: decoded !== text && decoded.includes(secret) && !text.includes(secret),
      backwards: text.includes(Array.from(secret).reverse().join('')),
      'over lines': !text.includes(secret) && joined.includes(bare),
      wide: narrow !== text && narrow.includes(secret) && !text.includes(secret),
    };
    return WRITINGS.filter(writing => found[writing]);
  };
}

/** The middle of the encoding, which does not depend on the text around the secret. */
function base64At(secret: string, offset: number): string {
  const encoded = Buffer.from('\0'.repeat(offset) + secret)
    .toString('base64')
    .replace(/=+$/, '');
  return encoded.slice(offset === 0 ? 0 : 4, Math.floor(encoded.length / 4) * 4 - 4);
}

/** A text that contains the secret only in this encoding. */
export function written(secret: string, writing: Writing): string {
  switch (writing) {
    case 'plain':
      return `x ${secret} y`;
    case 'base64 at 0':
    case 'base64 at 1':
    case 'base64 at 2':
      return Buffer.from('x'.repeat(Number(writing.at(-1))) + secret + 'tail').toString('base64');
    case 'hex':
      return Buffer.from(`a ${secret} b`).toString('hex');
    case 'percent':
      return Array.from(secret, character => `%${character.charCodeAt(0).toString(16)}`).join('');
    case 'backwards':
      return `x ${Array.from(secret).reverse().join('')} y`;
    case 'over lines':
      return `"${secret.slice(0, 15)}" +\n  "${secret.slice(15)}"`;
    case 'wide':
      return Buffer.from(secret, 'utf16le').toString('latin1');
  }
}

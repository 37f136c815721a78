/** Searches for secrets, plain and encoded (base64, hex, percent), in everything that others could read. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The possible encodings of a text; base64 in all three alignments, without the ends that depend on neighbouring bytes. */
export function formsOf(secret: string): readonly string[] {
  const base64 = [0, 1, 2].map(shift =>
    Buffer.from(' '.repeat(shift) + secret)
      .toString('base64')
      .replace(/=+$/, '')
      .slice(shift === 0 ? 0 : 4, -4),
  );
  return [secret, ...base64, Buffer.from(secret).toString('hex'), encodeURIComponent(secret)];
}

export function holds(text: string | Buffer, secret: string): boolean {
  return formsOf(secret).some(form => text.includes(form));
}

/** The files below a folder that contain the secret, databases and logs included. */
export function filesHolding(folder: string, secret: string): readonly string[] {
  return filesBelow(folder).filter(file => holds(readFileSync(file), secret));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/** Looks for secrets as they are and as they travel (base64, hex, percent-encoded) in everything that others could read. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The forms in which a text can lie in bytes; base64 in all three alignments, without the ends that depend on neighbours. */
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

/** The files below a folder in which the secret stands, the database and the logs among them. */
export function filesHolding(folder: string, secret: string): readonly string[] {
  return filesBelow(folder).filter(file => holds(readFileSync(file), secret));
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map(name => join(folder, name))
    .filter(file => statSync(file, { throwIfNoEntry: false })?.isFile() === true);
}

/**
 * Signs as `ssh-keygen -Y sign -n git` does (OpenSSH's PROTOCOL.sshsig), for the `gpgsig` header of a commit. Ed25519 is
 * deterministic: the same key and bytes give the same signature, so the commit has the same id on every host.
 */
import { createHash, sign } from 'node:crypto';
import { KEY_KIND, type SigningKey } from './ssh-key.ts';
import { sshNumber, sshString } from './ssh-wire.ts';

const MAGIC = Buffer.from('SSHSIG');
const VERSION = 1;
/** So that the signature counts for nothing else, such as a login. */
const NAMESPACE = 'git';
const HASH = 'sha512';
/** As ssh-keygen wraps it. */
const LINE_CHARS = 70;

/** The armored signature, with a newline after its last line. */
export function signForGit({ privateKey, publicBlob }: SigningKey, bytes: Buffer): string {
  const digest = createHash(HASH).update(bytes).digest();
  const about = [sshString(NAMESPACE), sshString(''), sshString(HASH)];
  const signature = sign(null, Buffer.concat([MAGIC, ...about, sshString(digest)]), privateKey);
  const blob = Buffer.concat([
    ...[MAGIC, sshNumber(VERSION), sshString(publicBlob), ...about],
    sshString(Buffer.concat([sshString(KEY_KIND), sshString(signature)])),
  ]);
  const base64 = blob.toString('base64');
  const lines = Array.from({ length: Math.ceil(base64.length / LINE_CHARS) }, (_, line) =>
    base64.slice(line * LINE_CHARS, (line + 1) * LINE_CHARS),
  );
  return ['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----', ''].join('\n');
}

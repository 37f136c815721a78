/** Reads a private key as `ssh-keygen -t ed25519 -N ''` writes it (OpenSSH's PROTOCOL.key). Other kinds are refused by name. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { SshReader, sshString } from './ssh-wire.ts';

export interface SigningKey {
  readonly privateKey: KeyObject;
  /** Kind and key in SSH's encoding: what base64 in a `.pub` file stands for. */
  readonly publicBlob: Buffer;
}

/** A key that cannot sign here. The message says why, and never contains the key. */
export class UnusableKey extends Error {
  override readonly name = 'UnusableKey';
}

export const KEY_KIND = 'ssh-ed25519';
const MAGIC = Buffer.from('openssh-key-v1\0');
const ARMOR =
  /^-----BEGIN OPENSSH PRIVATE KEY-----\s([A-Za-z0-9+/=\s]{1,20000})-----END OPENSSH PRIVATE KEY-----$/;
/** An Ed25519 seed in PKCS #8 (RFC 8410) is these bytes and the 32 of the seed. */
const PKCS8_HEADER = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

/** Throws `UnusableKey`. */
export function readSigningKey(text: string): SigningKey {
  const [, base64] = ARMOR.exec(text.trim()) ?? [];
  if (base64 === undefined)
    throw new UnusableKey(
      'it is not a private key in the form of OpenSSH (-----BEGIN OPENSSH PRIVATE KEY-----)',
    );
  try {
    return keyIn(new SshReader(Buffer.from(base64, 'base64')));
  } catch (error) {
    if (error instanceof UnusableKey) throw error;
    throw new UnusableKey('it is damaged');
  }
}

/** As in a `.pub` file, without the comment. */
export function publicKeyText({ publicBlob }: SigningKey): string {
  return `${KEY_KIND} ${publicBlob.toString('base64')}`;
}

function keyIn(file: SshReader): SigningKey {
  if (!file.take(MAGIC.length).equals(MAGIC)) throw new UnusableKey('it is damaged');
  const cipher = file.string().toString('latin1');
  if (cipher !== 'none') throw new UnusableKey('it is encrypted with a passphrase');
  file.string(); // the key derivation
  file.string(); // its options
  if (file.number() !== 1) throw new UnusableKey('it does not contain exactly one key');
  const kind = new SshReader(file.string()).string().toString('latin1');
  if (kind !== KEY_KIND)
    throw new UnusableKey(`it is of the kind ${kind.replace(/[^\w@.-]/g, '').slice(0, 60)}, not ${KEY_KIND}`);
  const secret = new SshReader(file.string());
  if (secret.number() !== secret.number()) throw new UnusableKey('it is damaged');
  secret.string(); // the kind again
  secret.string(); // the public key
  const seed = secret.string().subarray(0, SEED_BYTES);
  const privateKey = createPrivateKey({
    key: Buffer.concat([PKCS8_HEADER, seed]),
    format: 'der',
    type: 'pkcs8',
  });
  return { privateKey, publicBlob: publicBlobOf(privateKey) };
}

function publicBlobOf(privateKey: KeyObject): Buffer {
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return Buffer.concat([sshString(KEY_KIND), sshString(spki.subarray(-SEED_BYTES))]);
}

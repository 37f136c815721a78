/** A private key in the form of OpenSSH, made from a seed, so that no key is a file of this repository. */
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { sshNumber, sshString } from '../../../src/git/signing/ssh-wire.ts';

export interface OpenSshKey {
  readonly privateKey: string;
  /** As in a `.pub` file. */
  readonly publicKey: string;
}

export interface OpenSshForm {
  readonly cipher?: string;
  readonly kind?: string;
}

const KIND = 'ssh-ed25519';

export function openSshKey(seed: Buffer, { cipher = 'none', kind = KIND }: OpenSshForm = {}): OpenSshKey {
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const raw = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
  const blob = Buffer.concat([sshString(kind), sshString(raw)]);
  const secret = Buffer.concat([
    ...[sshNumber(7), sshNumber(7), sshString(kind), sshString(raw)],
    ...[sshString(Buffer.concat([seed, raw])), sshString('test')],
  ]);
  // Padded with 1, 2, 3 … to a multiple of eight.
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, at) => at + 1));
  const file = Buffer.concat([
    ...[Buffer.from('openssh-key-v1\0'), sshString(cipher), sshString('none'), sshString('')],
    ...[sshNumber(1), sshString(blob), sshString(Buffer.concat([secret, padding]))],
  ]);
  const lines = file.toString('base64').match(/.{1,70}/g) ?? [];
  const title = 'OPENSSH PRIVATE KEY';
  return {
    privateKey: [`-----BEGIN ${title}-----`, ...lines, `-----END ${title}-----`, ''].join('\n'),
    publicKey: `${kind} ${blob.toString('base64')} test`,
  };
}

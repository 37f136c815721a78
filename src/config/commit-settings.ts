/** The settings that decide whose commits are built, and how they are signed. */
import { COMMIT_IDENTITY, type CommitIdentity } from '../domain/commit-identity.ts';
import { publicKeyText, readSigningKey, UnusableKey } from '../git/signing/ssh-key.ts';
import { signForGit } from '../git/signing/ssh-signature.ts';
import type { ProcessSettings } from './environment.ts';
import { SettingsError } from './settings-error.ts';

export interface CommitMaker {
  readonly identity: CommitIdentity;
  /** Absent: commits are not signed. */
  readonly sign?: (commit: Buffer) => string;
  /** As in a `.pub` file; with `sign`. */
  readonly publicKey?: string;
}

/** Throws `SettingsError`; the message never contains the key. */
export function commitMaker(settings: ProcessSettings): CommitMaker {
  const { SIGNALBOX_COMMIT_NAME: name, SIGNALBOX_COMMIT_EMAIL: email } = settings;
  const identity = {
    name: name ?? COMMIT_IDENTITY.name,
    email: email ?? COMMIT_IDENTITY.email,
  };
  const key = settings.SIGNALBOX_SIGNING_KEY;
  if (key === undefined) return { identity };
  if (email === undefined)
    throw new SettingsError({
      what: 'SIGNALBOX_SIGNING_KEY is set without SIGNALBOX_COMMIT_EMAIL',
      fix: 'set it to an e-mail address that GitHub has verified for the account that has the key, such as ID+LOGIN@users.noreply.github.com',
    });
  try {
    const signingKey = readSigningKey(key);
    return {
      identity,
      sign: commit => signForGit(signingKey, commit),
      publicKey: publicKeyText(signingKey),
    };
  } catch (error) {
    if (!(error instanceof UnusableKey)) throw error;
    throw new SettingsError({
      what: `cannot use SIGNALBOX_SIGNING_KEY: ${error.message}`,
      fix: "make one with ssh-keygen -t ed25519 -N '' -f signing-key, and add its public half to the account on GitHub as a signing key",
    });
  }
}

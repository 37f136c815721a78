/** Secrets as files: every secret setting NAME can also be given as NAME_FILE, the path of a file with its value. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Environment } from './environment.ts';
import { SettingsError } from './settings-error.ts';

/** The model gateway reads SIGNALBOX_MODEL_KEY_FILE itself: as root, before it becomes another user. */
export const FILE_SECRETS = [
  'GITHUB_TOKEN',
  'GITHUB_APP_PRIVATE_KEY',
  'SIGNALBOX_WEBHOOK_SECRET',
  'SIGNALBOX_SIGNING_KEY',
  'SIGNALBOX_SOURCE_TOKEN',
  'SIGNALBOX_NOTIFY_URL',
  'SIGNALBOX_NOTIFY_SECRET',
  'TEMPORAL_API_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
] as const;

/** The same environment with the values of the files instead of their paths. Throws `SettingsError`; an empty variable counts as not set. */
export function withSecretFiles(
  environment: Environment,
  secrets: readonly string[] = FILE_SECRETS,
): Environment {
  const named = secrets.map(name => ({ name, setting: `${name}_FILE` }));
  const settings = new Set(named.map(({ setting }) => setting));
  const rest = Object.entries(environment).filter(([name]) => !settings.has(name));
  const values = named.flatMap(({ name, setting }) => {
    const file = environment[setting] ?? '';
    if (file === '') return [];
    if ((environment[name] ?? '') !== '')
      throw new SettingsError({ what: `${name} and ${setting} are both set`, fix: 'unset one of them' });
    return [[name, secretIn(file, setting)] as const];
  });
  return Object.fromEntries([...rest, ...values]);
}

const BYTES_MAX = 64 * 1024;

function secretIn(file: string, setting: string): string {
  const secret = textOf(file, setting).replace(/\r?\n$/, '');
  if (secret === '')
    throw new SettingsError({
      what: `${file}, which ${setting} names, is empty`,
      fix: 'write the secret to it',
    });
  return secret;
}

function textOf(file: string, setting: string): string {
  try {
    const opened = openSync(file, 'r');
    try {
      // An engine makes a folder in place of a file that is missing.
      if (fstatSync(opened).isDirectory()) throw unusable(file, setting, 'it is a folder');
      return readBounded(opened) ?? tooLarge(file, setting);
    } finally {
      closeSync(opened);
    }
  } catch (error) {
    if (error instanceof SettingsError) throw error;
    throw unusable(file, setting, (error as NodeJS.ErrnoException).code ?? 'unknown error');
  }
}

/** Undefined if there is more. Not by its size: a pipe or a device has none. */
function readBounded(file: number): string | undefined {
  const bytes = Buffer.alloc(BYTES_MAX + 1);
  let length = 0;
  for (;;) {
    const read = readSync(file, bytes, length, bytes.length - length, null);
    length += read;
    if (length > BYTES_MAX) return undefined;
    if (read === 0) return bytes.toString('utf8', 0, length);
  }
}

function tooLarge(file: string, setting: string): never {
  throw unusable(file, setting, `it has more than ${BYTES_MAX} bytes`);
}

function unusable(file: string, setting: string, why: string): SettingsError {
  return new SettingsError({
    what: `cannot read ${file}, which ${setting} names (${why})`,
    fix: `make it a file with the secret that ${userText()} can read`,
  });
}

function userText(): string {
  const uid = process.getuid?.();
  return uid === undefined ? 'this user' : `user ${uid}`;
}

/** The real environment; all other code takes one as an argument. Throws `SettingsError`. */
export function readEnvironment(): Environment {
  return withSecretFiles(process.env);
}

/**
 * The job `setup`: makes the secrets that the stack needs for itself, once, and gives each service its own. It also makes
 * the buckets and the accounts of the artifact store. Repeatable: what exists stays as it is.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cliSettings } from './cli-settings.ts';
import {
  type MadeSecret,
  RECIPIENTS,
  SECRET_NAMES,
  type SecretName,
  SECRETS,
  secretsOf,
  type Secrets,
} from './recipients.ts';
import { BUCKETS, storeAccounts } from './store-accounts.ts';

const ROOT = '/setup';
const SECRET_BYTES = 18;

/** Some readers are another user of the same group. */
const MODE = 0o440;

const secrets = Object.fromEntries(SECRET_NAMES.map(name => [name, kept(name)])) as Secrets;
for (const recipient of RECIPIENTS)
  for (const name of secretsOf(recipient)) put(`${ROOT}/for/${recipient}/${name}`, secrets[name]);
for (const [recipient, text] of Object.entries(cliSettings(secrets, process.env)))
  put(`${ROOT}/for/${recipient}/settings.sh`, text);
makeStore();
process.stdout.write(
  `setup: ${SECRET_NAMES.length} secrets for ${RECIPIENTS.length} services are in place\n`,
);

function kept(name: SecretName): string {
  const file = `${ROOT}/secrets/${name}`;
  const { prefix = '' }: MadeSecret = SECRETS[name];
  if (!existsSync(file)) put(file, prefix + randomBytes(SECRET_BYTES).toString('hex'));
  return readFileSync(file, 'utf8');
}

/** In its file system a bucket is a folder. */
function makeStore(): void {
  const accounts = `${ROOT}/for/artifact-store/accounts`;
  mkdirSync(accounts, { recursive: true, mode: 0o750 });
  put(`${accounts}/users.json`, storeAccounts(secrets));
  for (const bucket of BUCKETS) mkdirSync(`${ROOT}/artifacts/${bucket}`, { recursive: true, mode: 0o700 });
}

/** A reader sees the old file or the new one, never a part. */
function put(file: string, text: string): void {
  writeFileSync(`${file}.new`, text, { mode: MODE });
  renameSync(`${file}.new`, file);
}

/**
 * Finds secrets that a change would add, or that a text contains. secretlint knows most formats; our own rules add more,
 * and also search text in which a token is split or encoded. Findings never contain the secret.
 */
import { setImmediate } from 'node:timers/promises';
import { lintSource } from '@secretlint/core';
import { rules as presetRules } from '@secretlint/secretlint-rule-preset-recommend';
import './quiet-profiler.ts';
import { certainSecrets, isPlaceholder } from './secret-rules.ts';
import { decodedViews, onOneLine, plainTexts, readableViews } from './secret-views.ts';

export interface ScannedFile {
  readonly path: string;
  readonly before?: Buffer | undefined;
  readonly after: Buffer;
}

export interface SecretFinding {
  readonly path: string;
  readonly rule: string;
}

/** Reports new secrets only: a secret that one of the changed files already had at the base is ignored. */
export async function scanForSecrets(files: readonly ScannedFile[]): Promise<SecretFinding[]> {
  const known: string[] = [];
  for (const file of files) known.push(...(await secretsIn(file.before ?? Buffer.alloc(0))).keys());
  const findings: SecretFinding[] = [];
  for (const file of files) {
    const found = new Map([...(await secretsIn(file.after)), ...certainSecrets(file.path)]);
    const rules = [...found].filter(([secret]) => !isKnown(secret, known)).map(([, rule]) => rule);
    findings.push(...[...new Set(rules)].map(rule => ({ path: file.path, rule })));
  }
  return findings;
}

/** With its lines joined, a text can continue a secret by the start of the next line. */
function isKnown(secret: string, known: readonly string[]): boolean {
  return known.some(one => secret.startsWith(one) || one.startsWith(secret));
}

/** The names of the rules by which a text, such as that of an issue, contains a secret. */
export async function secretKindsIn(text: string): Promise<readonly string[]> {
  return [...new Set((await secretsIn(Buffer.from(text))).values())];
}

/** Secret → name of its rule. Other work gets its turn between two views. */
async function secretsIn(bytes: Buffer): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  if (bytes.length === 0) return found;
  for (const text of plainTexts(bytes)) {
    for (const [secret, rule] of await librarySecrets(text)) found.set(secret, rule);
    for await (const some of certainSecretsIn(text)) {
      for (const [secret, rule] of some) found.set(secret, rule);
    }
  }
  return found;
}

/** A password in an address is usual in base64: a Kubernetes secret has one. */
const ADDRESS = /:\/\/[^\s@/]{1,200}@/;

async function* certainSecretsIn(text: string): AsyncGenerator<ReadonlyMap<string, string>> {
  for (const view of readableViews(text)) yield certainSecrets(view);
  await setImmediate();
  const line = onOneLine(text);
  yield certainSecrets(line, { isOneLine: true });
  await setImmediate();
  for (const view of decodedViews(text, line)) {
    yield certainSecrets(view);
    if (ADDRESS.test(view)) yield await librarySecrets(view);
  }
}

const config = {
  rules: presetRules
    // This rule would let a comment in the change disable the scan.
    .filter(rule => rule.meta.id !== '@secretlint/secretlint-rule-filter-comments')
    .map(rule => ({ id: rule.meta.id, rule, options: {} })),
};

async function librarySecrets(text: string): Promise<Map<string, string>> {
  const result = await lintSource({
    source: { filePath: '/change', content: text, ext: '', contentType: 'text' },
    options: { config, noPhysicFilePath: true, maskSecrets: false },
  });
  const found = new Map<string, string>();
  for (const message of result.messages) {
    const secret = text.slice(message.range[0], message.range[1]);
    if (!isPlaceholder(secret) && !isLocalAddress(secret))
      found.set(secret, message.ruleId.replace(/^.*rule-/, ''));
  }
  return found;
}

/** A password for a local server, such as `postgres://user:password@localhost/db` in a test, gives no access; nor does a blank. */
function isLocalAddress(secret: string): boolean {
  const { user, password, host } = LOGIN.exec(secret)?.groups ?? {};
  if (host === undefined) return false;
  return LOCAL.test(host) || BLANK.test(password ?? '') || (password === user && WORD.test(password ?? ''));
}

/** Only the host counts: what stands behind it can name any other. */
const LOGIN =
  /:\/\/(?<user>[^:/\s]{0,256}):(?<password>[^@/\s]{1,256})@(?<host>\[::1\]|[^/\s?#:,]{1,256})(?::\d{1,5})?(?![\w.:,@-])/;
const LOCAL =
  /^(?:localhost|127\.0\.0\.1|\[::1\]|db|postgres|mysql|redis|mongo|(?:[\w-]+\.)*example\.(?:com|org|net))$/i;
/** What documentation writes in the place of a password. */
const BLANK = /^(?:<[\w -]{1,40}>|(?:your[-_]?)?(?:token|password|passwd|pass|secret|api[-_]?key))$/i;
const WORD = /^[a-z]{1,10}$/i;

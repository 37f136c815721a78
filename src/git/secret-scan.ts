/**
 * Finds secrets that a change would add. secretlint knows most formats; our own rules add more, and also search text
 * in which a token is split over lines or encoded. Findings never contain the secret.
 */
import { lintSource } from '@secretlint/core';
import { rules as presetRules } from '@secretlint/secretlint-rule-preset-recommend';
import './quiet-profiler.ts';
import { certainSecrets, isPlaceholder } from './secret-rules.ts';

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
  const known = new Set<string>();
  for (const file of files) {
    for (const secret of (await secretsIn(file.before ?? Buffer.alloc(0))).keys()) known.add(secret);
  }
  const findings: SecretFinding[] = [];
  for (const file of files) {
    const found = new Map([...(await secretsIn(file.after)), ...certainSecrets(file.path)]);
    const rules = [...found].filter(([secret]) => !known.has(secret)).map(([, rule]) => rule);
    findings.push(...[...new Set(rules)].map(rule => ({ path: file.path, rule })));
  }
  return findings;
}

/** Secret → name of its rule. */
async function secretsIn(bytes: Buffer): Promise<Map<string, string>> {
  // Without its zero bytes, ASCII text in UTF-16 is plain ASCII.
  const text = bytes.toString('utf8').replaceAll('\0', '');
  if (text === '') return new Map();
  const found = await librarySecrets(text);
  for (const view of [text, joined(text), ...decoded(text)]) {
    for (const [secret, rule] of certainSecrets(view)) found.set(secret, rule);
  }
  return found;
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

/** A password for a local server, such as `postgres://user:password@localhost/db` in a test, gives no access. */
function isLocalAddress(secret: string): boolean {
  return /@(localhost|127\.0\.0\.1|\[::1\]|db|postgres|mysql|redis|mongo|[\w.-]*example\.(com|org|net))(?![\w.-])/i.test(
    secret,
  );
}

/** Joins string literals that are concatenated or broken over lines. */
function joined(text: string): string {
  return text
    .replace(/["'`][ \t]{0,20}[+.&]?[ \t\\]{0,20}\r?\n[ \t]{0,80}[+.&]?[ \t]{0,20}["'`]/g, '')
    .replace(/["'`][ \t]{0,20}[+.&][ \t]{0,20}["'`]/g, '')
    .replace(/\\\r?\n[ \t]{0,80}/g, '')
    .replace(/(?<=[A-Za-z0-9_]{12})\r?\n[ \t]{0,80}(?=[A-Za-z0-9]{12})/g, '');
}

const DECODED_RUNS_MAX = 2_000;

/** Decodes long runs of base64 that contain text. */
function decoded(text: string): string[] {
  const runs: string[] = [];
  for (const [run] of text.matchAll(/[A-Za-z0-9+/_-]{40,4096}/g)) {
    if (runs.length >= DECODED_RUNS_MAX) break;
    const plain = Buffer.from(run, 'base64').toString('latin1');
    if (/^[\t\r\n\x20-\x7e]+$/.test(plain.slice(0, -2))) runs.push(plain);
  }
  return runs;
}

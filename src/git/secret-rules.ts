/** Token formats that are unambiguous. They complement the library's rules and also find tokens that are split or encoded. */

interface SecretRule {
  readonly name: string;
  readonly pattern: RegExp;
}

/** All patterns match in linear time: bounded repetitions, no nesting. */
const secretRules: readonly SecretRule[] = [
  { name: 'GitHub token', pattern: /\bgh[oprsu]_[A-Za-z0-9]{36,255}\b/g },
  { name: 'GitHub App token', pattern: /\bghs_\d{1,12}_eyJ[A-Za-z0-9._-]{36,700}/g },
  { name: 'GitHub fine-grained token', pattern: /\bgithub_pat_[A-Za-z0-9_]{60,255}/g },
  { name: 'GitLab token', pattern: /\bgl(?:pat|ptt|dt|rt)-[A-Za-z0-9_-]{20,255}/g },
  { name: 'AWS access key id', pattern: /\b(?:AKIA|ASIA)[A-Z2-7]{16}\b/g },
  {
    name: 'OpenAI key',
    pattern: /\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,255}|\bsk-[A-Za-z0-9]{48}\b/g,
  },
  { name: 'Anthropic key', pattern: /\bsk-ant-[a-z0-9]{3,10}-[A-Za-z0-9_-]{60,255}/g },
  { name: 'Slack token', pattern: /\bxox[abeprs]-[A-Za-z0-9-]{20,255}|\bxapp-\d-[A-Za-z0-9-]{20,255}/g },
  { name: 'Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{24,255}/g },
  { name: 'Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { name: 'npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { name: 'PyPI token', pattern: /\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{40,255}/g },
  { name: 'Hugging Face token', pattern: /\bhf_[A-Za-z0-9]{34}\b/g },
  {
    name: 'private key',
    pattern: /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^]{0,300}?[A-Za-z0-9+/]{40}/g,
  },
];

/** Placeholders of documentation, such as `ghp_xxxxxxxx…` and `xoxb-your-token`: not random enough to be real. */
export function isPlaceholder(secret: string): boolean {
  if (new Set(secret).size < 10 || /EXAMPLE$/.test(secret)) return true;
  return !/\d/.test(secret) && !secret.includes('://'); // a password in a URL can be without digits
}

/** Every unambiguous token in a text: secret → name of its rule. */
export function certainSecrets(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, pattern } of secretRules) {
    for (const [secret] of text.matchAll(pattern)) if (!isPlaceholder(secret)) found.set(secret, name);
  }
  return found;
}

/** Hides unambiguous tokens, for messages that quote a change. */
export function hideSecrets(text: string): string {
  return [...certainSecrets(text).keys()].reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
}

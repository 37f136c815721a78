/** Token formats that are unambiguous. They complement the library's rules and also find tokens that are split or encoded. */

interface SecretRule {
  readonly name: string;
  /** One of these is part of every match. Looking for them first keeps the scan of large files fast. */
  readonly marks: readonly string[];
  /** Without a boundary where the form is unmistakable: a token counts in `xghp_…` too. */
  readonly pattern: RegExp;
  /** It is made of lines: with the lines joined, ordinary words look like one. */
  readonly needsLines?: true;
}

/** All patterns match in linear time: bounded repetitions, no nesting. */
const secretRules: readonly SecretRule[] = [
  {
    name: 'GitHub token',
    marks: ['gho_', 'ghp_', 'ghr_', 'ghs_', 'ghu_'],
    pattern: /gh[oprsu]_[A-Za-z0-9]{36,255}/g,
  },
  { name: 'GitHub App token', marks: ['ghs_'], pattern: /ghs_\d{1,12}_eyJ[A-Za-z0-9._-]{36,700}/g },
  {
    name: 'GitHub fine-grained token',
    marks: ['github_pat_'],
    pattern: /github_pat_[A-Za-z0-9_]{60,255}/g,
  },
  {
    name: 'GitLab token',
    marks: ['glpat-', 'glptt-', 'gldt-', 'glrt-'],
    pattern: /gl(?:pat|ptt|dt|rt)-[A-Za-z0-9_-]{20,255}/g,
  },
  { name: 'AWS access key id', marks: ['AKIA', 'ASIA'], pattern: /(?:AKIA|ASIA)[A-Z2-7]{16}/g },
  {
    name: 'OpenAI key',
    marks: ['sk-'],
    // `task-` and a digest is no key; the middle part of older keys is unmistakable.
    pattern:
      /sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,255}|(?<![A-Za-z0-9])sk-[A-Za-z0-9]{48}(?![A-Za-z0-9])|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}/g,
  },
  { name: 'Anthropic key', marks: ['sk-ant-'], pattern: /sk-ant-[a-z0-9]{3,10}-[A-Za-z0-9_-]{60,255}/g },
  {
    name: 'Slack token',
    marks: ['xox', 'xapp-'],
    pattern: /xox[abeprs]-[A-Za-z0-9-]{20,255}|xapp-\d-[A-Za-z0-9-]{20,255}/g,
  },
  { name: 'Stripe key', marks: ['k_live_'], pattern: /[rs]k_live_[A-Za-z0-9]{24,255}/g },
  {
    name: 'Google API key',
    marks: ['AIza'],
    // The four letters also occur by chance in long base64.
    pattern:
      /(?<![A-Za-z0-9+/_-])AIza[A-Za-z0-9_-]{35}|(?<![A-Za-z0-9+/=_-]{24})AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9+/_-])/g,
  },
  { name: 'npm token', marks: ['npm_'], pattern: /npm_[A-Za-z0-9]{36}/g },
  { name: 'PyPI token', marks: ['pypi-'], pattern: /pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{40,255}/g },
  { name: 'Hugging Face token', marks: ['hf_'], pattern: /hf_[A-Za-z0-9]{34}/g },
  {
    name: 'private key',
    marks: ['PRIVATE KEY'],
    pattern: /-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----[^]{0,300}?[A-Za-z0-9+/]{40}/g,
    needsLines: true,
  },
];

/** Placeholders of documentation, such as `ghp_xxxxxxxx…` and `xoxb-your-token`: not random enough to be real. */
export function isPlaceholder(secret: string): boolean {
  // Only whole ids: any word can be appended to a real token.
  if (new Set(secret).size < 10 || /^A[A-Z0-9]{12}EXAMPLE$/.test(secret)) return true;
  return !/\d/.test(secret) && !secret.includes('://'); // a password in a URL can be without digits
}

/** Every unambiguous token in a text: secret → name of its rule. */
export function certainSecrets(text: string, { isOneLine = false } = {}): Map<string, string> {
  const found = new Map<string, string>();
  for (const { name, marks, pattern, needsLines = false } of secretRules) {
    if ((needsLines && isOneLine) || !marks.some(mark => text.includes(mark))) continue;
    for (const [secret] of text.matchAll(pattern)) if (!isPlaceholder(secret)) found.set(secret, name);
  }
  return found;
}

/** Hides unambiguous tokens, for messages that quote a change. In one pass for each rule, however many tokens there are. */
export function hideSecrets(text: string): string {
  return secretRules.reduce(
    (rest, { marks, pattern }) =>
      marks.some(mark => rest.includes(mark))
        ? rest.replace(pattern, secret => (isPlaceholder(secret) ? secret : '[secret]'))
        : rest,
    text,
  );
}

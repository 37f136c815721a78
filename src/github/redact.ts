/** Makes text from GitHub safe for logs and errors: one short line without tokens and control characters. */
const tokenForms = [
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bghs_[A-Za-z0-9._-]{16,}/g,
  /\bgh[opurs]_[A-Za-z0-9]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{10,2048}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*/g,
  /\b(?:bearer|token|basic)\s+[A-Za-z0-9._~+/=-]{16,}/gi,
];

export function redact(text: string, charsMax: number): string {
  const clean = tokenForms.reduce((line, form) => line.replace(form, '[redacted]'), text);
  const line = clean.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return line.length <= charsMax ? line : `${line.slice(0, charsMax)}…`;
}

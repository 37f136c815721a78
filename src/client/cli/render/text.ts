/** Text for terminals: sanitized, cut to fit, with readable durations and times. */

/** Control characters, and marks that hide or reorder text, except the joiner of emoji. */
const UNSAFE = /(?!\u200d)[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Untrusted text (titles, reasons, reports) as one line that cannot move the cursor, add colour or hide text. */
export function plain(text: string): string {
  return text.replace(/[\t\r\n]+/g, ' ').replace(UNSAFE, '\ufffd');
}

/** Like `plain`, but keeps line breaks and tabs. */
export function plainLines(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(UNSAFE, found => (found === '\n' || found === '\t' ? found : '\ufffd'));
}

export function cut(text: string, charsMax: number): string {
  const characters = Array.from(text);
  return characters.length <= charsMax ? text : `${characters.slice(0, Math.max(0, charsMax - 1)).join('')}…`;
}

const UNITS = [
  { ms: 86_400_000, name: 'd' },
  { ms: 3_600_000, name: 'h' },
  { ms: 60_000, name: 'min' },
  { ms: 1_000, name: 's' },
] as const;

/** `850 ms`, `12 s`, `3 min`, `5 h`, `2 d`: in the largest unit of which there are at least 1.5 (seconds: 1). */
export function durationText(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const unit = UNITS.find(({ ms: size }) => whole >= size * (size === 1_000 ? 1 : 1.5));
  return unit === undefined ? `${whole} ms` : `${Math.round(whole / unit.ms)} ${unit.name}`;
}

/** `3 min ago`, `in 2 h`, `just now`. */
export function relativeTime(at: number, now: number): string {
  const away = at - now;
  if (Math.abs(away) < 1_000) return 'just now';
  return away < 0 ? `${durationText(-away)} ago` : `in ${durationText(away)}`;
}

/** A build's id is the SHA-256 of its code; this many digits tell builds apart. */
export function shortBuild(buildId: string): string {
  return plain(buildId.slice(0, 12));
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 12);
}

export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

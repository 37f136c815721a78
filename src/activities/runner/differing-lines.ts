/** What differs between two versions of a configuration file, in few lines: those that matter most come first. */
import { hideSecrets } from '../../git/secret-rules.ts';

const LINE_CHARS_MAX = 240;
const SHOWN_CHARS_MAX = 120;
const SHOWN_MAX = 6;
const HOSTS_SHOWN_MAX = 5;

/** One line of text, without a secret. Both texts may come from anyone. */
export function differenceText(before: string, after: string): string {
  const removed = without(before, after).map(text => ({ sign: 'removed', text, rank: rankOf(text) }));
  const added = without(after, before).map(text => ({ sign: 'added', text, rank: rankOf(text) }));
  const hosts = newHosts(before, after);
  const named = hosts.slice(0, HOSTS_SHOWN_MAX);
  const lines = [...added, ...removed]
    .map(line => ({ ...line, rank: named.some(host => line.text.includes(host)) ? 0 : line.rank }))
    .sort((one, other) => one.rank - other.rank);
  const more = lines.length - SHOWN_MAX;
  const parts = [
    ...(hosts.length === 0 ? [] : [`new hosts: ${named.join(', ')}${andMore(hosts.length - named.length)}`]),
    ...lines.slice(0, SHOWN_MAX).map(({ sign, text }) => `${sign} “${shown(text)}”`),
    ...(more > 0 ? [`${more} more lines`] : []),
    ...(lines.length === 0 ? ['only blanks, brackets or the order of lines'] : []),
  ];
  return parts.join('; ');
}

function andMore(count: number): string {
  return count > 0 ? ` and ${count} more` : '';
}

/** The lines that one text has more often than the other. */
function without(text: string, other: string): readonly string[] {
  const left = new Map<string, number>();
  for (const line of linesOf(other)) left.set(line, (left.get(line) ?? 0) + 1);
  return linesOf(text).filter(line => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}

/** A long line, as in a file without line breaks, counts as several. */
function linesOf(text: string): readonly string[] {
  return text
    .split('\n')
    .flatMap(line => (line.length > LINE_CHARS_MAX ? line.split(/(?<=[,;{}[\]])/) : [line]))
    .map(line => line.trim())
    .filter(line => /[\p{L}\p{N}]/u.test(line));
}

const RUNS = /script|exec|run|command|install|prepare|test|build|hook|plugin|require|load|setup/i;
const FETCHES = /registry|resolved|url|source|index|git|http|host/i;

function rankOf(line: string): number {
  if (RUNS.test(line)) return 1;
  return FETCHES.test(line) ? 2 : 3;
}

const HOSTS = [/:\/\/(?:[^\s/@"']{1,200}@)?([\w.-]{1,253})/g, /\b[\w-]{1,64}@([\w.-]{1,253}):/g];

function newHosts(before: string, after: string): readonly string[] {
  const known = new Set(hostsIn(before));
  return [...new Set(hostsIn(after))].filter(host => !known.has(host));
}

function hostsIn(text: string): readonly string[] {
  return HOSTS.flatMap(form => Array.from(text.matchAll(form), ([, host = '']) => host.toLowerCase()));
}

function shown(text: string): string {
  const safe = hideSecrets(text).replace(/\s+/g, ' ');
  if (safe.length <= SHOWN_CHARS_MAX) return safe;
  const half = SHOWN_CHARS_MAX / 2;
  return `${safe.slice(0, half)} … ${safe.slice(-half)}`;
}

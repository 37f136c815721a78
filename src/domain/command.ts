/**
 * Commands in comments: their one parser and their one printer. A command is its words and nothing else; whatever else
 * stands on its line makes it unclear, and it is refused by name.
 */
import { DECISION_KINDS, type DecisionKind, type DecisionRequest, GATES } from './decision.ts';
import { MODES, parseMode } from './mode.ts';

/** More commands in one comment are a mistake or an attack: none of them is taken. */
export const COMMANDS_MAX = 10;
const REASON_CHARS_MAX = 500;
const QUOTED_CHARS_MAX = 80;

export interface SaidCommand {
  /** Counts the commands of the comment, from 0. */
  readonly position: number;
  /** What was understood. */
  readonly request: DecisionRequest;
  /** Why it is refused in every state, and what to write instead. */
  readonly unclear?: string;
}

/**
 * The commands of a comment whose first non-empty line is one. Each further line that starts with one counts too, except
 * in quotes, code fences and HTML comments. The work is linear in the length of the comment.
 */
export function commandsIn(comment: string): readonly SaidCommand[] {
  const lines = commandLines(comment);
  if (lines.length > COMMANDS_MAX) return tooMany(lines);
  const kinds = lines.map(({ kind }) => kind);
  return lines.map(({ kind, text }, position) => {
    const { unclear, ...request } = understood(kind, text);
    const why = unclear ?? contradiction(kind, kinds);
    return { position, request, ...(why === undefined ? {} : { unclear: why }) };
  });
}

/** The one line that {@link commandsIn} reads back as the same request. */
export function commandText({ kind, gate, digest, reason, to, mode }: DecisionRequest): string {
  const words = [gate, digest, to === undefined ? undefined : `@${to}`, mode];
  const said = [...words, reason === undefined ? undefined : oneLine(reason)];
  return [`/${kind}`, ...said.filter(word => word !== undefined && word !== '')].join(' ');
}

interface CommandLine {
  readonly kind: DecisionKind;
  readonly text: string;
}

function commandLines(comment: string): readonly CommandLine[] {
  const lines = comment.split(/\r\n|\n|\r/);
  const first = lines.find(line => line.trim() !== '');
  if (first === undefined || commandLine(first) === undefined) return [];
  return spokenLines(lines).flatMap(line => commandLine(line) ?? []);
}

function commandLine(line: string): CommandLine | undefined {
  if (!line.startsWith('/')) return undefined;
  const [word = ''] = line.trimEnd().split(/[ \t]/, 1);
  const kind = DECISION_KINDS.find(known => word === `/${known}`);
  return kind === undefined ? undefined : { kind, text: line.slice(word.length).trim() };
}

/** Where the reader of the lines is: a fence is its opening marks. */
interface Place {
  readonly fence?: string;
  readonly isQuote?: boolean;
  readonly isHidden?: boolean;
}

/** The lines that the author says in their own words: not quoted, not code, not hidden in an HTML comment. */
function spokenLines(lines: readonly string[]): readonly string[] {
  const spoken: string[] = [];
  let place: Place = {};
  for (const line of lines) {
    const next = placeAfter(line, place);
    const isSpoken = Object.keys(place).length === 0 && next.fence === undefined && next.isQuote !== true;
    if (isSpoken) spoken.push(line);
    place = next;
  }
  return spoken;
}

function placeAfter(line: string, place: Place): Place {
  const marks = fenceMarks(line);
  if (place.fence !== undefined) return isClosing(line, marks, place.fence) ? {} : place;
  if (place.isHidden === true) return line.includes('-->') ? {} : place;
  if (marks !== undefined) return { fence: marks };
  if (isQuoted(line, place)) return { isQuote: true };
  return line.lastIndexOf('<!--') > line.lastIndexOf('-->') ? { isHidden: true } : {};
}

/** Markdown continues a quote until a blank line. */
function isQuoted(line: string, { isQuote = false }: Place): boolean {
  return line.trimStart().startsWith('>') || (isQuote && line.trim() !== '');
}

function fenceMarks(line: string): string | undefined {
  return /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
}

function isClosing(line: string, marks: string | undefined, fence: string): boolean {
  return marks?.startsWith(fence) === true && line.trim() === marks;
}

/** One refusal for each kind, so that no comment causes a long answer. */
function tooMany(lines: readonly CommandLine[]): readonly SaidCommand[] {
  const unclear = `the comment has ${lines.length} commands, but at most ${COMMANDS_MAX} are read; write them in several comments`;
  const kinds = [...new Set(lines.map(({ kind }) => kind))];
  return kinds.map((kind, position) => ({ position, request: { kind }, unclear }));
}

/** Someone who says yes and no to a gate in one comment has decided nothing. */
function contradiction(kind: DecisionKind, all: readonly DecisionKind[]): string | undefined {
  const isYes = (other: DecisionKind): boolean => other === 'approve' || other === 'verify-release';
  const isAbout = isYes(kind) || kind === 'reject';
  return isAbout && all.some(isYes) && all.includes('reject')
    ? 'the comment approves and rejects; write the one that you mean in a new comment'
    : undefined;
}

type Understood = DecisionRequest & { readonly unclear?: string };
type Reader = (text: string) => Omit<Understood, 'kind' | 'unclear'> & {
  /** What does not belong to the command; empty for nothing. */
  readonly more: string;
};

interface Form {
  /** As people write it. */
  readonly form: string;
  readonly read: Reader;
}

const FORMS: Readonly<Record<DecisionKind, Form>> = {
  approve: { form: '/approve GATE DIGEST', read: approval },
  reject: { form: '/reject REASON', read: reason },
  escalate: { form: '/escalate @LOGIN REASON', read: escalation },
  retry: { form: '/retry', read: reason },
  pause: { form: '/pause', read: reason },
  resume: { form: '/resume', read: reason },
  cancel: { form: '/cancel', read: reason },
  'set-mode': { form: `/set-mode with one of ${MODES.join(', ')}`, read: mode },
  'assign-release-owner': { form: '/assign-release-owner @LOGIN', read: owner },
  'verify-release': { form: '/verify-release', read: reason },
};

function understood(kind: DecisionKind, text: string): Understood {
  const { form, read } = FORMS[kind];
  const { more, ...found } = read(text);
  const request = { kind, ...found };
  if (more === '') return request;
  const meant = Object.keys(found).length === 0 ? form : commandText(request);
  return { ...request, unclear: `“${excerpt(more)}” is not part of the command; write ${meant}` };
}

/** `/approve 3f9a…` or `/approve merge 3f9a…`. */
function approval(text: string): ReturnType<Reader> {
  const words = wordsOf(text);
  const gate = GATES.find(known => known === words[0]);
  const rest = gate === undefined ? words : words.slice(1);
  const digest = rest.slice(0, 1).find(isDigest);
  const more = digest === undefined ? rest : rest.slice(1);
  return {
    ...(gate === undefined ? {} : { gate }),
    ...(digest === undefined ? {} : { digest }),
    more: more.join(' '),
  };
}

function isDigest(word: string): boolean {
  return /^(sha256:)?[0-9a-f]{1,64}$/i.test(word);
}

function reason(text: string): ReturnType<Reader> {
  const kept = text.slice(0, REASON_CHARS_MAX).trim();
  return { ...(kept === '' ? {} : { reason: kept }), more: '' };
}

/** `/escalate`, `/escalate REASON` or `/escalate @login REASON`. */
function escalation(text: string): ReturnType<Reader> {
  const [first = ''] = text.split(/[ \t]/, 1);
  const to = login(first);
  return to === undefined ? reason(text) : { to, ...reason(text.slice(first.length).trim()) };
}

function mode(text: string): ReturnType<Reader> {
  const [first = '', ...more] = wordsOf(text);
  const named = parseMode(first);
  return named === undefined ? { more: text } : { mode: named, more: more.join(' ') };
}

function owner(text: string): ReturnType<Reader> {
  const [first = '', ...more] = wordsOf(text);
  const to = login(first);
  return to === undefined ? { more: text } : { to, more: more.join(' ') };
}

function login(word: string): string | undefined {
  return /^@([A-Za-z0-9-]{1,39})$/.exec(word)?.[1];
}

function wordsOf(text: string): readonly string[] {
  return text.split(/[ \t]+/).filter(word => word !== '');
}

function oneLine(text: string): string {
  const lines = text.split(/[\r\n]+/).map(line => line.trim());
  return lines.filter(line => line !== '').join(' ');
}

function excerpt(text: string): string {
  return text.length > QUOTED_CHARS_MAX ? `${text.slice(0, QUOTED_CHARS_MAX)}…` : text;
}

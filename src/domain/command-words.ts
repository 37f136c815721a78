/** The words of each kind of command: how people write it, and how they are read. */
import { type DecisionKind, type DecisionRequest, GATES } from './decision.ts';
import { isHeadName } from './foreign-head.ts';
import { MODES, parseMode } from './mode.ts';
import { nearestOf } from './near-word.ts';

const QUOTED_CHARS_MAX = 80;

type Words = Omit<DecisionRequest, 'kind'>;

export type Reader = (text: string) => Words & {
  /** What does not belong to the command; empty or absent for nothing. */
  readonly more?: string;
  /** What `more` was probably meant to say. */
  readonly meant?: Words;
};

export interface CommandForm {
  /** As people write it. */
  readonly form: string;
  readonly read: Reader;
  /** Its last words are free text, which may go on in the lines after it. */
  readonly takesReason: boolean;
}

const words = (form: string, read: Reader): CommandForm => ({ form, read, takesReason: false });
const withReason = (form: string, read: Reader = reason): CommandForm => ({ form, read, takesReason: true });

export const COMMAND_FORMS: Readonly<Record<DecisionKind, CommandForm>> = {
  approve: words('/approve GATE DIGEST', approval),
  reject: withReason('/reject REASON'),
  answer: withReason('/answer WORDS'),
  adopt: words('/adopt HEAD', adoption),
  escalate: withReason('/escalate @LOGIN REASON', escalation),
  retry: withReason('/retry'),
  pause: withReason('/pause'),
  resume: withReason('/resume'),
  cancel: withReason('/cancel'),
  'set-mode': words(`/set-mode with one of ${MODES.join(', ')}`, mode),
  'assign-release-owner': words('/assign-release-owner @LOGIN', owner),
  'verify-release': withReason('/verify-release'),
};

/** `/approve 3f9a…` or `/approve merge 3f9a…`. */
function approval(text: string): ReturnType<Reader> {
  const said = wordsOf(text);
  const gate = GATES.find(known => known === said[0]?.toLowerCase());
  const rest = gate === undefined ? said : said.slice(1);
  const digest = rest.slice(0, 1).find(isDigest);
  const more = (digest === undefined ? rest : rest.slice(1)).join(' ');
  const meant = more === '' || digest !== undefined ? undefined : digestIn(rest);
  return {
    ...(gate === undefined ? {} : { gate }),
    ...(digest === undefined ? {} : { digest }),
    more,
    ...(meant === undefined ? {} : { meant: { digest: meant } }),
  };
}

function isDigest(word: string): boolean {
  return /^(sha256:)?[0-9a-f]{1,64}$/i.test(word);
}

/** `#3f9a…` and `“3f9a…”` mean the digits. */
function digestIn([word = '', ...others]: readonly string[]): string | undefined {
  const [digest, ...more] = word.length > 100 ? [] : (word.match(/(?:sha256:)?[0-9a-f]{7,64}/gi) ?? []);
  const isAlone = others.length === 0 && more.length === 0 && word.length - (digest?.length ?? 0) <= 4;
  return isAlone ? digest : undefined;
}

/** `/adopt 1a2b3c4d5e6f`: the head, in full or by its first digits. */
function adoption(text: string): ReturnType<Reader> {
  const [first = '', ...more] = wordsOf(text);
  if (isHeadName(first)) return { head: first, more: more.join(' ') };
  const meant = digestIn([first, ...more]);
  return { more: text, ...(meant !== undefined && isHeadName(meant) ? { meant: { head: meant } } : {}) };
}

function reason(text: string): ReturnType<Reader> {
  return text === '' ? {} : { reason: text };
}

/** `/escalate`, `/escalate REASON` or `/escalate @login REASON`. */
function escalation(text: string): ReturnType<Reader> {
  const [first = ''] = text.split(/\s/, 1);
  const to = login(first);
  return to === undefined ? reason(text) : { to, ...reason(text.slice(first.length).trim()) };
}

function mode(text: string): ReturnType<Reader> {
  const [first = '', ...more] = wordsOf(text);
  const named = parseMode(first);
  if (named !== undefined) return { mode: named, more: more.join(' ') };
  const meant = more.length === 0 ? nearestOf(first.toLowerCase(), MODES) : undefined;
  return { more: text, ...(meant === undefined ? {} : { meant: { mode: meant } }) };
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
  return text.split(/\s+/).filter(word => word !== '');
}

export function excerpt(text: string, charsMax = QUOTED_CHARS_MAX): string {
  return text.length > charsMax ? `${text.slice(0, charsMax)}…` : text;
}

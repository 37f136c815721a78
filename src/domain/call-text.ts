/** The text of a call: a mention, what to do, and why. Everything but the mentions is made inert. */
import { neutralise } from './posted-text.ts';
import type { Rung } from './state/people.ts';
import type { CallPlan, Notice } from './step.ts';

const LINE_CHARS_MAX = 600;

const RUNG_TEXTS: Readonly<Record<Rung, string>> = {
  fresh: '',
  reminded: 'This is a reminder: nobody has acted yet.',
  escalated: 'Nobody acted after a reminder.',
  parked: 'This is the last reminder.',
};

/** `who`: mentions in GitHub's own form, at least one. */
export function callText(
  { hold, rung, what, why, pullRequest, status, marker }: CallPlan,
  who: readonly string[],
): string {
  const places = [
    ...(pullRequest === undefined ? [] : [`pull request #${pullRequest}`]),
    ...(status === undefined ? [] : [`[status](${status})`]),
  ];
  return [
    `${who.join(' ')} ${waits(hold)}: ${code(what)}`,
    '',
    ...(why === '' ? [] : [`- why: ${neutralise(why, LINE_CHARS_MAX)}`]),
    ...(places.length === 0 ? [] : [`- see: ${places.join(', ')}`]),
    ...(RUNG_TEXTS[rung] === '' ? [] : [`- ${RUNG_TEXTS[rung]}`]),
    '',
    'This comment is removed when nothing is left to do here.',
    marker,
  ].join('\n');
}

/** For the webhook: one line of plain text, without mentions and without the syntax of any chat. */
export function noticeText({ hold, rung, what, why, title, url }: Notice, issue: string): string {
  const said = [
    `${issue} ${bare(title)}: ${waits(hold)}`,
    bare(what),
    ...(why === '' ? [] : [`why: ${bare(why)}`]),
  ];
  const reminder = RUNG_TEXTS[rung] === '' ? [] : [RUNG_TEXTS[rung]];
  return [said.join('; '), ...reminder, url].join(' — ');
}

/** `the merge gate waits for a decision`. */
function waits(hold: string): string {
  if (hold.startsWith('gate:')) return `the ${hold.slice('gate:'.length)} gate waits for a decision`;
  if (hold === 'delayed') return 'a step keeps failing and is tried again';
  return hold === 'escalated' ? 'the issue was escalated' : 'the work is blocked and waits for a person';
}

/** Inline code that its content cannot end. */
function code(text: string): string {
  return `\`${text.slice(0, LINE_CHARS_MAX).replace(/[`\r\n]/g, '?')}\``;
}

/** Slack reads `<…>` and `&`, Teams and others Markdown: without these characters, text of others stays text. */
function bare(text: string): string {
  return text
    .slice(0, LINE_CHARS_MAX)
    .replace(/[<>&*_`~[\]|\\]/g, ' ')
    .replace(/@/g, '(at)')
    .replace(/:(?=\/\/)|(?<=www)\./gi, '$& ')
    .replace(/\s+/g, ' ')
    .trim();
}

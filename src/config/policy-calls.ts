/** The section `calls` of the policy file. What has its default is left out, so that older policies keep their digests. */
import { z } from 'zod';
import { CALL_NAMES, type CallTarget, distinct, isMention } from '../domain/mention.ts';
import { CALL_AFTER_MS, type CallsPolicy, type QuietHours } from '../domain/policy.ts';
import { duration } from './policy-kinds.ts';
import { as, section } from './policy-section.ts';
import { isTimeZone } from './time-zone.ts';

const target = z
  .string()
  .max(200)
  .refine((text): text is CallTarget => CALL_NAMES.some(name => name === text) || isMention(text), {
    message: `one of ${CALL_NAMES.join(', ')}, or @login, or @org/team`,
  });
const targets = z.array(target).max(10);

const DEFAULT_TO: readonly CallTarget[] = ['opt-in'];

const time = z
  .string()
  .regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d)?$/, 'a time such as "22:00", in quotes')
  .default('');

const quietHours = section({
  from: time.describe('the time of day from which nobody is called, such as `"22:00"`; empty: at no time'),
  to: time.describe('the time of day until which nobody is called; earlier than `from`: of the next day'),
  weekends: z.boolean().default(false).describe('`true`: nobody is called on Saturday and Sunday'),
  timeZone: z
    .string()
    .max(100)
    .default('UTC')
    .describe(
      'the time zone of the quiet hours, such as `Europe/Berlin`; see [notifications.md](notifications.md)',
    ),
})
  .superRefine(({ from, to, timeZone }, context) => {
    const problem = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message });
    if ((from === '') !== (to === '')) problem('to', 'set both from and to, or neither');
    if (from !== '' && from === to) problem('to', 'from and to are the same time');
    if (!isTimeZone(timeZone)) problem('timeZone', 'not a time zone, such as Europe/Berlin');
  })
  .transform(({ from, to, weekends, timeZone }): QuietHours | undefined => {
    if (from === '' && !weekends) return undefined;
    return {
      ...(from === '' ? {} : { hours: { from: minuteOf(from), to: minuteOf(to) } }),
      ...(weekends ? { weekends } : {}),
      timeZone,
    };
  });

function minuteOf(text: string): number {
  return Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
}

export const calls = section({
  to: targets
    .default([...DEFAULT_TO])
    .describe(
      'who is mentioned in a new comment when a hold begins and on each rung of the ladder, unless the hold names its person: `opt-in` (who added the label), `author`, `codeowners` (of the changed paths), `@login`, `@org/team`. Empty: nobody',
    ),
  after: as(
    'afterMs',
    duration
      .prefault(`${CALL_AFTER_MS / 1_000}s`)
      .describe('the time that a new hold waits before it calls: what is answered by then calls nobody'),
  ),
  reviewers: targets
    .default([])
    .describe(
      'whose review of the pull request is requested when the merge gate asks; teams of the same organization',
    ),
  assign: targets
    .default([])
    .describe('who is assigned to the issue when a hold begins; teams cannot be assigned'),
  quietHours: quietHours.prefault({}),
}).transform(({ to, afterMs, reviewers, assign, quietHours: quiet }): CallsPolicy => ({
  ...(afterMs === CALL_AFTER_MS ? {} : { afterMs }),
  ...(isDefault(to) ? {} : { to: distinct(to) }),
  ...(reviewers.length === 0 ? {} : { reviewers: distinct(reviewers) }),
  ...(assign.length === 0 ? {} : { assign: distinct(assign) }),
  ...(quiet === undefined ? {} : { quietHours: quiet }),
}));

function isDefault(to: readonly CallTarget[]): boolean {
  return to.length === DEFAULT_TO.length && to.every((name, at) => name === DEFAULT_TO[at]);
}

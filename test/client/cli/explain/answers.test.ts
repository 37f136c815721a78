/** The answers from the view alone: each comes from its facts, never from its texts. */
import { expect, test } from '@jest/globals';
import { answersOf } from '../../../../src/client/cli/explain/answers.ts';
import type { KnownIssue } from '../../../../src/client/temporal/look.ts';
import { begin } from '../../../../src/domain/begin.ts';
import type { Hold } from '../../../../src/domain/step.ts';
import { type IssueView, viewOf } from '../../../../src/domain/view.ts';

const READ: IssueView = {
  ...viewOf(begin({ issue: { owner: 'acme', repo: 'profile', number: 7 }, generation: 1, at: 0 })),
  subject: 'sha256:s',
};
const PAUSED: Hold = { kind: 'paused', who: 'a maintainer', what: 'give the label again', why: ['so'] };
const KNOWN = { pending: [] } as unknown as KnownIssue;

const optedIn = (view: IssueView): string | undefined =>
  answersOf({ known: KNOWN, view, facts: undefined, now: 0 }).find(({ id }) => id === 'Q1')?.answer;

test.each<[string, IssueView, string]>([
  ['not read yet', { ...READ, subject: null }, 'unknown: the issue has not been read yet'],
  ['at work', READ, 'yes'],
  ['paused by a person', { ...READ, hold: PAUSED }, 'yes'],
  ['held by the opt-in rule', { ...READ, hold: { ...PAUSED, because: 'not-opted-in' } }, 'no: so'],
])('answers whether an issue that is %s is opted in', (_what, view, answer) => {
  expect(optedIn(view)).toBe(answer);
});

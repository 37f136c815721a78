/** Commands in comments: what is one, what is unclear, and that each is taken or refused by name. */
import { describe, expect, test } from '@jest/globals';
import { COMMANDS_MAX, commandsIn, commandText } from '../../src/domain/command.ts';
import { commentDecisionId, type DecisionRequest, REASON_CHARS_MAX } from '../../src/domain/decision.ts';
import { stopwatch } from '../support/processor-time.ts';

const DIGEST = '3f9a0c5d7e21';
const requests = (comment: string) => commandsIn(comment).map(({ request }) => request);
const unclear = (comment: string) => commandsIn(comment).map(said => said.unclear);

describe('one command', () => {
  test.each<readonly [string, DecisionRequest]>([
    [`/approve ${DIGEST}`, { kind: 'approve', digest: DIGEST }],
    [`/approve merge ${DIGEST}  `, { kind: 'approve', gate: 'merge', digest: DIGEST }],
    ['/approve', { kind: 'approve' }],
    ['/approve merge', { kind: 'approve', gate: 'merge' }],
    ['/reject', { kind: 'reject' }],
    ['/reject not so, and merge later', { kind: 'reject', reason: 'not so, and merge later' }],
    ['/escalate @lead is this safe?', { kind: 'escalate', to: 'lead', reason: 'is this safe?' }],
    ['/escalate is this safe, @lead?', { kind: 'escalate', reason: 'is this safe, @lead?' }],
    ['/set-mode Guarded', { kind: 'set-mode', mode: 'guarded' }],
    ['/assign-release-owner @olga', { kind: 'assign-release-owner', to: 'olga' }],
    ['\n \n/pause\tuntil Monday\nand some words', { kind: 'pause', reason: 'until Monday and some words' }],
    [`/retry\r\n> /cancel`, { kind: 'retry' }],
    // The reason may stand on the following lines.
    ['/reject\n\nThe cache breaks.', { kind: 'reject', reason: 'The cache breaks.' }],
    [
      '/reject It fails:\n\n```\nError: 5\n```\n- on Linux\n- with de-DE',
      { kind: 'reject', reason: 'It fails: ``` Error: 5 ``` - on Linux - with de-DE' },
    ],
    [
      '/reject\n\n> x is 3\n\nIt is 4.\n<!-- signed -->',
      { kind: 'reject', reason: 'It is 4. <!-- signed -->' },
    ],
    ['/answer use de-DE\nfor all', { kind: 'answer', reason: 'use de-DE for all' }],
    ['/escalate\n@lead is this safe?', { kind: 'escalate', to: 'lead', reason: 'is this safe?' }],
    // What looks the same on the page means the same.
    [`/Approve Merge ${DIGEST}`, { kind: 'approve', gate: 'merge', digest: DIGEST }],
    [`  /approve\u00a0${DIGEST}`, { kind: 'approve', digest: DIGEST }],
    [`> what was asked\n\n/approve ${DIGEST}`, { kind: 'approve', digest: DIGEST }],
    [`/approve ${DIGEST}\n\nThank you!`, { kind: 'approve', digest: DIGEST }],
  ])('%j is read', (comment, request) => {
    expect(commandsIn(comment)).toEqual([{ position: 0, request }]);
  });

  test.each([
    [`/approve ${DIGEST} and merge`, 'and merge', `/approve ${DIGEST}`],
    [`/approve merge ${DIGEST} publish`, 'publish', `/approve merge ${DIGEST}`],
    [`/approve merge publish ${DIGEST}`, `publish ${DIGEST}`, '/approve merge'],
    ['/approve lgtm', 'lgtm', '/approve GATE DIGEST'],
    ['/set-mode guarded please', 'please', '/set-mode guarded'],
    ['/set-mode wild', 'wild', '/set-mode with one of auto-run, guarded, analysis, spike'],
    ['/assign-release-owner @olga or @ben', 'or @ben', '/assign-release-owner @olga'],
    ['/assign-release-owner olga', 'olga', '/assign-release-owner @LOGIN'],
  ])('%j is unclear, and is told what to write', (comment, more, meant) => {
    expect(unclear(comment)).toEqual([`“${more}” is not part of the command; write ${meant}`]);
  });

  test.each([
    ['> /approve'],
    ['```\n/approve\n```'],
    ['please /approve'],
    ['    /approve'],
    ['\t/approve'],
    ['/approve/merge'],
    ['/improve'],
    ['/retest'],
    ['/rename it'],
    ['/set the mode'],
    ['/verify'],
    ['/ what is this'],
    ['/approval(merge)'],
    ['24/7'],
    ['/pa'],
    ['/usr/bin/node fails'],
    ['<!--\n/approve\n-->'],
    ['/lgtm'],
    [''],
  ])('%j is none', comment => {
    expect(commandsIn(comment)).toEqual([]);
  });
});

describe('a near miss', () => {
  const spelt = (word: string, meant: string): string => `“${word}” is not a command; did you mean ${meant}?`;
  const late = (meant: string): string =>
    `a comment has commands only if it begins with one; write ${meant} in a new comment`;
  const marked = (meant: string): string => `a command stands on its line without marks; write ${meant}`;

  test.each([
    [`/aprove merge ${DIGEST}`, spelt('/aprove', `/approve merge ${DIGEST}`)],
    ['/approved', spelt('/approved', '/approve')],
    ['/approve, please', spelt('/approve,', '/approve GATE DIGEST')],
    ['/Rejcet\n\nIt is slow.', spelt('/Rejcet', '/reject It is slow.')],
    ['/set-mod guarded', spelt('/set-mod', '/set-mode guarded')],
    [`/approve${DIGEST}`, spelt(`/approve${DIGEST}`, '/approve')],
    [`looks good\n/approve ${DIGEST}`, late(`/approve ${DIGEST}`)],
    ['```\nlog\n```\n/retry', late('/retry')],
    [`\`/approve ${DIGEST}\``, marked(`/approve ${DIGEST}`)],
    ['- /pause', marked('/pause')],
    ['**/cancel**', marked('/cancel')],
    [`- [ ] /approve ${DIGEST}`, marked(`/approve ${DIGEST}`)],
    ['1. /retry use de-DE', marked('/retry use de-DE')],
    ['# /pause', marked('/pause')],
    [`\ufeff/approve ${DIGEST}`, marked(`/approve ${DIGEST}`)],
    ['\u200b/cancel', marked('/cancel')],
    ['／approve', spelt('／approve', '/approve')],
    ['/ Approve start', spelt('/ Approve', '/approve start')],
    ['/set mode guarded', spelt('/set mode', '/set-mode guarded')],
    ['/Verify release', spelt('/Verify release', '/verify-release')],
    ['/assign release owner @olga', spelt('/assign release owner', '/assign-release-owner @olga')],
    ['/set-mode=guarded', spelt('/set-mode=', '/set-mode guarded')],
    ['/escalate@lead now', spelt('/escalate@', '/escalate @lead now')],
    ['/approve(merge)', spelt('/approve(', '/approve merge')],
  ])('%j is answered with what was meant', (comment, why) => {
    expect(commandsIn(comment)).toEqual([
      { position: 0, request: expect.anything() as unknown, unclear: why, near: true },
    ]);
  });

  test.each([
    ['/set-mode gaurded', '“gaurded” is not part of the command; did you mean /set-mode guarded?'],
    [
      `/approve start #${DIGEST}`,
      `“#${DIGEST}” is not part of the command; did you mean /approve start ${DIGEST}?`,
    ],
    [`/approve “${DIGEST}”`, `““${DIGEST}”” is not part of the command; did you mean /approve ${DIGEST}?`],
  ])('in the words of %j is answered too', (comment, why) => {
    expect(unclear(comment)).toEqual([why]);
  });

  test('decides nothing, next to a command that does', () => {
    expect(commandsIn('/pause\n/set-mod guarded')).toMatchObject([
      { request: { kind: 'pause' } },
      { request: { kind: 'set-mode' }, near: true },
    ]);
    expect(unclear('/approve\nlike so:\n`/reject`')[0]).toBeUndefined();
  });

  test('of many has one short answer for each kind', () => {
    const many = `text\n${'/pause\n'.repeat(COMMANDS_MAX + 1)}`;
    expect(commandsIn(many)).toMatchObject([{ request: { kind: 'pause' }, near: true }]);
  });
});

test('a reason that is too long is refused as a whole, because half of it could say the opposite', () => {
  const longest = 'x'.repeat(REASON_CHARS_MAX);
  expect(requests(`/reject ${longest}`)).toEqual([{ kind: 'reject', reason: longest }]);
  expect(unclear(`/reject\n${longest}x`)).toEqual([
    expect.stringContaining('the reason has 2001 characters'),
  ]);
});

describe('several commands', () => {
  test('are each read, with words between them', () => {
    expect(
      commandsIn(`/retry now\n\nBecause it is fixed.\n/set-mode guarded\n/approve ${DIGEST} ok`),
    ).toEqual([
      { position: 0, request: { kind: 'retry', reason: 'now Because it is fixed.' } },
      { position: 1, request: { kind: 'set-mode', mode: 'guarded' } },
      { position: 2, request: { kind: 'approve', digest: DIGEST }, unclear: expect.stringContaining('“ok”') },
    ]);
  });

  test.each([
    ['a quote', '> /cancel'],
    ['a quote that continues', '> Ann said\n/cancel'],
    ['a fence', '```sh\n/cancel\n```'],
    ['a fence that holds a shorter one', '````\n```\n/cancel\n````'],
    ['a fence that is not closed', '~~~\n/cancel'],
    ['an HTML comment', '<!--\n/cancel\n-->'],
    ['an HTML comment that starts behind words', 'so <!-- not\n/cancel'],
    ['an indented line', '    /cancel'],
  ])('do not include what is in %s', (_what, lines) => {
    const kinds = (comment: string) => requests(comment).map(({ kind }) => kind);
    expect(kinds(`/retry\n${lines}`)).toEqual(['retry']);
    // After it, commands count again.
    const after = lines.startsWith('~~~') || lines.startsWith('so') ? [] : ['pause'];
    expect(kinds(`/retry\n${lines}\n\n/pause`)).toEqual(['retry', ...after]);
  });

  test.each(['approve', 'verify-release'])('that say yes by /%s and no decide nothing', yes => {
    const why = 'the comment approves and rejects; write the one that you mean in a new comment';
    expect(unclear(`/${yes}\n/reject no\n/pause`)).toEqual([why, why, undefined]);
    expect(unclear(`/reject no\n/pause\n/${yes}`)).toEqual([why, undefined, why]);
    expect(unclear(`/${yes}\n/pause`)).toEqual([undefined, undefined]);
    expect(unclear('/reject no\n/pause')).toEqual([undefined, undefined]);
  });

  test(`are read up to ${COMMANDS_MAX}; of more, each kind is refused once`, () => {
    const most = Array.from({ length: COMMANDS_MAX }, () => '/pause').join('\n');
    expect(unclear(most)).toEqual(Array.from({ length: COMMANDS_MAX }));
    const why = expect.stringContaining('11 commands, but at most 10') as unknown;
    expect(commandsIn(`${most}\n/resume`)).toEqual([
      { position: 0, request: { kind: 'pause' }, unclear: why },
      { position: 1, request: { kind: 'resume' }, unclear: why },
    ]);
  });

  test('have ids of their own; the first has the id that a single one has', () => {
    expect([0, 1, 2].map(position => commentDecisionId(7, position))).toEqual([
      'comment-7',
      'comment-7.1',
      'comment-7.2',
    ]);
    expect(commentDecisionId(7)).toBe('comment-7');
  });
});

describe('a decision written as a comment', () => {
  test.each<DecisionRequest>([
    { kind: 'approve', gate: 'merge', digest: DIGEST },
    { kind: 'reject', reason: 'breaks the cache' },
    { kind: 'escalate', to: 'alice', reason: 'needs a product decision' },
    { kind: 'retry' },
    { kind: 'pause', reason: 'freeze' },
    { kind: 'set-mode', mode: 'analysis' },
    { kind: 'assign-release-owner', to: 'olga' },
    { kind: 'verify-release', reason: 'seen in production' },
  ])('$kind is parsed back to the same decision', request => {
    expect(commandsIn(commandText(request))).toEqual([{ position: 0, request }]);
  });

  test('has its reason on one line, so that it cannot hide a second command', () => {
    expect(commandText({ kind: 'reject', reason: `no\n/approve ${DIGEST}` })).toBe(
      `/reject no /approve ${DIGEST}`,
    );
  });
});

/** Twice the length takes about twice as long, not four times: a pattern that starts over shows at these lengths. */
test.each([
  ['blanks before a line separator', (n: number) => `/pause ${' '.repeat(n)}\u2028x`],
  ['blanks after a command', (n: number) => `/approve ${' '.repeat(n)}x`],
  ['words', (n: number) => `/approve ${'a '.repeat(n)}`],
  ['backticks', (n: number) => `/retry\n${'`'.repeat(n)}\n`.repeat(3)],
  ['opened HTML comments', (n: number) => `/retry\n${'<!--'.repeat(n)}`],
  ['line breaks', (n: number) => `/retry${'\r'.repeat(n)}x`],
  ['commands', (n: number) => '/retry\n'.repeat(n)],
  ['quotes', (n: number) => `/retry\n${'>'.repeat(n)}`],
  ['a reason', (n: number) => `/reject ${'x\u00a0'.repeat(n)}`],
])('the work on %s is linear', (_what, of) => {
  const text = of(300_000);
  const workedMs = stopwatch();
  commandsIn(text);
  expect(workedMs()).toBeLessThan(5_000);
});

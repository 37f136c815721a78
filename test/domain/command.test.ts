/** Commands in comments: what is one, what is unclear, and that each is taken or refused by name. */
import { describe, expect, test } from '@jest/globals';
import { COMMANDS_MAX, commandsIn, commandText } from '../../src/domain/command.ts';
import { commentDecisionId, type DecisionRequest } from '../../src/domain/decision.ts';

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
    ['\n \n/pause\tuntil Monday\nand some words', { kind: 'pause', reason: 'until Monday' }],
    [`/retry\r\n> /cancel`, { kind: 'retry' }],
  ])('%j is read', (comment, request) => {
    expect(commandsIn(comment)).toEqual([{ position: 0, request }]);
  });

  test.each([
    [`/approve ${DIGEST} and merge`, 'and merge', `/approve ${DIGEST}`],
    [`/approve merge ${DIGEST} publish`, 'publish', `/approve merge ${DIGEST}`],
    [`/approve merge publish ${DIGEST}`, `publish ${DIGEST}`, '/approve merge'],
    ['/approve lgtm', 'lgtm', '/approve GATE DIGEST'],
    [`/approve Merge ${DIGEST}`, `Merge ${DIGEST}`, '/approve GATE DIGEST'],
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
    ['/approved'],
    ['/approve, please'],
    ['/approve\u00a03f9a0c5d7e21'],
    [' /approve'],
    ['    /approve'],
    ['- /approve'],
    ['text\n/approve'],
    ['<!--\n/approve\n-->'],
    ['/Approve'],
    ['/lgtm'],
    [''],
  ])('%j is none', comment => {
    expect(commandsIn(comment)).toEqual([]);
  });
});

describe('several commands', () => {
  test('are each read, with words between them', () => {
    expect(
      commandsIn(`/retry now\n\nBecause it is fixed.\n/set-mode guarded\n/approve ${DIGEST} ok`),
    ).toEqual([
      { position: 0, request: { kind: 'retry', reason: 'now' } },
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
    expect(requests(`/retry\n${lines}`)).toEqual([{ kind: 'retry' }]);
    // After it, commands count again.
    const after = lines.startsWith('~~~') || lines.startsWith('so') ? [] : [{ kind: 'pause' }];
    expect(requests(`/retry\n${lines}\n\n/pause`)).toEqual([{ kind: 'retry' }, ...after]);
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
  const startedAt = performance.now();
  commandsIn(text);
  expect(performance.now() - startedAt).toBeLessThan(5_000);
});

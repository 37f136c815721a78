/** A decision written as a comment is parsed back to the same decision; and the route of a decision. */
import { describe, expect, test } from '@jest/globals';
import { commandText } from '../../../../src/client/cli/decision/command-text.ts';
import { routeFor } from '../../../../src/client/cli/decision/route.ts';
import { type DecisionRequest, parseCommand } from '../../../../src/domain/decision.ts';

const DIGEST = 'sha256:3f9a0c5d7e21bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb';

test.each<DecisionRequest>([
  { kind: 'approve', gate: 'merge', digest: '3f9a0c5d7e21' },
  { kind: 'reject', reason: 'breaks the cache' },
  { kind: 'escalate', to: 'alice', reason: '@alice needs a product decision' },
  { kind: 'retry' },
  { kind: 'pause', reason: 'freeze' },
  { kind: 'set-mode', mode: 'analysis' },
  { kind: 'assign-release-owner', to: 'olga' },
  { kind: 'verify-release', reason: 'seen in production' },
])('$kind is parsed back to the same decision', request => {
  // The scheduler keeps the login in the reason of an escalation.
  const { to, reason } = request;
  const written =
    request.kind === 'escalate'
      ? { ...request, reason: reason?.replace(`@${to ?? ''} `, '') ?? '' }
      : request;
  expect(parseCommand(commandText(written))).toEqual(request);
});

test('a digest is shortened, and a reason is put on one line, so that it cannot hide a second command', () => {
  expect(commandText({ kind: 'approve', gate: 'start', digest: DIGEST })).toBe('/approve start 3f9a0c5d7e21');
  expect(commandText({ kind: 'reject', reason: 'no\n/approve 3f9a0c5d7e21' })).toBe(
    '/reject no /approve 3f9a0c5d7e21',
  );
});

describe('the route', () => {
  const view = (...decisionSources: ('github' | 'temporal')[]) => ({ decisionSources }) as never;

  test('is a comment when a token is set and the policy accepts comments, otherwise Temporal', () => {
    const asked = undefined;
    expect(routeFor({ asked, hasToken: true, view: undefined })).toBe('github');
    expect(routeFor({ asked, hasToken: true, view: view('temporal') })).toBe('temporal');
    expect(routeFor({ asked, hasToken: false, view: view('github') })).toBe('temporal');
  });

  test('is the requested one', () => {
    expect(routeFor({ asked: 'temporal', hasToken: true, view: view('github') })).toBe('temporal');
    expect(routeFor({ asked: 'github', hasToken: false, view: view('temporal') })).toBe('github');
  });
});

/** The route of a decision. */
import { describe, expect, test } from '@jest/globals';
import { routeFor } from '../../../../src/client/cli/decision/route.ts';

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

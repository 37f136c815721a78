/** The text of the pull request: what its reader needs, in order, and inert whatever the issue, the agent or the policy say. */
import { describe, expect, test } from '@jest/globals';
import { titleFormProblem, pullRequestTitle } from '../../src/domain/pull-request-title.ts';
import { pullRequestBody } from '../../src/domain/pull-request-text.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { issueOf } from './life/fixtures.ts';
import { AUTO, Scene } from './mutants/scene.ts';

const headingsOf = (body: string): readonly string[] =>
  Array.from(body.matchAll(/^## (.*)$/gm), ([, title = '']) => title);

const PARTS = ['What and why', 'Evidence', 'Not checked', 'Risk', 'Files', 'How to decide', 'Cost'];

describe('the body', () => {
  test('answers the reader in order: what and why, evidence, risk, how to decide, cost', () => {
    const { state } = new Scene(AUTO).until('merge').world;
    const body = pullRequestBody(state);
    expect(headingsOf(body)).toEqual(PARTS);
    expect(body).toContain(
      `approve this pull request in a review of \`${state.pushed?.slice(0, 12) ?? ''}\``,
    );
    expect(body).toContain('[the status comment](https://git.example/shop/issues/7#issuecomment-1)');
    expect(body).toContain('- attempt 1: 0.1000 USD, 1 input and 1 output tokens');
    expect(body).not.toContain('attempts:');
  });

  test('says what changed since the last review, once there is another commit', () => {
    const life = new Scene(AUTO)
      .until('merge')
      .review('ben', 'changes-requested')
      .untilEffect('open-pull-request');
    const { effect } = life;
    const { reviewed, change } = life.world.state;
    const body = effect.kind === 'open-pull-request' ? effect.body : '';
    expect(reviewed).toMatchObject({ by: 'ben', said: 'changes-requested', paths: ['src/price.ts'] });
    expect(headingsOf(body)).toEqual(['Since the last review', ...PARTS]);
    expect(body).toContain('- ben requested changes (');
    expect(body).toContain(
      `[what changed](https://git.example/shop/compare/${reviewed?.head ?? ''}..${change?.commit ?? ''})`,
    );
    expect(body).toContain('- all 2 attempts: ');
    const approved = new Scene(AUTO).until('merge').review('ben', 'approved').flow().world.state;
    expect(approved.reviewed).toMatchObject({ said: 'approved' });
    expect(headingsOf(pullRequestBody(approved))).toEqual(PARTS);
  });

  test('names files that came or went since then, and a base that moved', () => {
    const { state } = new Scene(AUTO).until('merge').world;
    const { claim, change } = state;
    if (claim === undefined || change === undefined) throw new Error('there is no change');
    const before = { by: 'a @b', said: 'approved', head: 'c'.repeat(40), base: 'base-0' } as const;
    const since = (paths: readonly string[], more?: true): string =>
      pullRequestBody({
        ...state,
        reviewed: { ...before, paths, ...(more === undefined ? {} : { more }) },
      });
    const body = since(['src/old`@x.ts']);
    expect(body).toContain('- a @ b approved another commit (`cccccccccccc` then, ');
    expect(body).toContain('- the base moved from `base-0` to `base-1`');
    expect(body).toContain('- new: `src/price.ts`');
    expect(body).toContain('- no longer changed: `src/old?@x.ts`');
    expect(since(['src/price.ts'])).not.toContain('- new: ');
    expect(since(['other.ts'], true)).not.toContain('- new: ');
    expect(since(Array.from({ length: 100 }, (_, at) => `f${at}`))).toContain('- and 81 more: ');
  });

  test('where decisions are taken over Temporal only, says with which command', () => {
    const { state } = new Scene({ ...AUTO, sources: ['temporal'], mergeBy: 'person' }).until('merge').world;
    const body = pullRequestBody(state);
    expect(body).toContain('- to decide: `signalbox show acme/shop#7`');
    expect(body).toContain('a person merges');
    expect(body).not.toContain('in a review');
  });
});

describe('the title', () => {
  const titled = (form: string | undefined, title = 'One'): string => {
    const { state } = new Scene({ ...AUTO, github: { issue: issueOf({ title }) } }).until('merge').world;
    const { policy } = state;
    if (policy === undefined) throw new Error('there is no policy');
    const own: IssueState = {
      ...state,
      policy: { ...policy, ...(form === undefined ? {} : { pullRequest: { title: form } }) },
    };
    return pullRequestTitle(own);
  };

  test.each([
    [undefined, 'One (#7)'],
    ['fix: {title} {issue}', 'fix: One (#7)'],
    ['{issue}: {title}', '(#7): One'],
    ['[{risk}, {mode}] {title}', '[low, auto-run] One'],
    ['{title}{issue}.', 'One (#7).'],
  ])('has the form %p', (form, title) => {
    expect(titled(form)).toBe(title);
  });

  test.each([
    ['Fixes #12: {title}', 'Fixes # 12: One'],
    ['{title} @octo', 'One @ octo'],
    ['/approve {title}', '/ approve One'],
    ['{title} [skip ci]', 'One [ skip ci]'],
    ['closes {issue} {title}', 'closes (#7) One'],
  ])('of the form %p is inert', (form, title) => {
    expect(titled(form)).toBe(title);
  });

  test('has nothing live where the form and the text of the issue meet', () => {
    expect(titled('GH-{title}', '12 is it')).toBe('GH- 12 is it');
    expect(titled('@{title}', 'octo')).toBe('@ octo');
    expect(titled('{title}', '{issue} {risk} $& $1')).toBe('{issue} {risk} $& $1');
  });

  test('has the usual form when it would be too long', () => {
    const long = 'x'.repeat(120);
    expect(titled(`${'😀'.repeat(80)} {title}`, long)).toBe(`${long} (#7)`);
    expect(titled(`${'y'.repeat(80)} {title}`, long)).toHaveLength(201);
  });

  test.each([
    ['{title} {issue} {risk} {mode}', undefined],
    ['{title} {number}', '{number} is unknown; known are {title}, {issue}, {risk}, {mode}'],
    ['{title} {constructor}', '{constructor} is unknown'],
    ['fix {issue}', 'it must have {title}'],
    ['{title} {title}', 'it names a placeholder twice'],
  ])('%p can be a form, or the problem is named', (form, problem) => {
    const found = titleFormProblem(form);
    if (problem === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(problem);
  });
});

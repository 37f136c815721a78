/** What is posted fits GitHub's bounds, however long the lists are and whatever escaping adds. */
import { describe, expect, test } from '@jest/globals';
import { BODY_CHARS_MAX } from '../../src/domain/posted-bounds.ts';
import { details, projection } from '../../src/domain/projection.ts';
import { pullRequestBody } from '../../src/domain/pull-request-text.ts';
import { pullRequestTitle } from '../../src/domain/pull-request-title.ts';
import { endedLifeIn } from '../../src/domain/snapshot.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { withoutText } from '../../src/domain/status-comment.ts';
import { Scene } from './mutants/scene.ts';
import { issueOf } from './life/fixtures.ts';

const many = (count: number, text: (index: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, index) => text(index));
const path = (index: number): string => `infra/${'a-long-folder/'.repeat(14)}file-${index}.tf`;

function atPublish(protectedPaths: readonly string[]): IssueState {
  const { state } = new Scene({ mode: 'auto-run', run: { isProtected: true } }).until('publish').world;
  if (state.change === undefined) throw new Error('there is no change');
  return { ...state, change: { ...state.change, protectedPaths } };
}

describe('the status comment', () => {
  test('is whole while it fits', () => {
    const { comment } = projection(atPublish(many(100, path)));
    expect(comment.match(/^- why: protected path/gm)).toHaveLength(100);
    expect(comment).not.toContain('more:');
  });

  test('of 2,900 protected paths names the gate, the first paths and where the others are', () => {
    const state = atPublish(many(2_900, path));
    const { comment, marker } = projection(state);
    expect(comment.length).toBeLessThanOrEqual(BODY_CHARS_MAX);
    expect(comment).toContain('**Held at the publish gate.**');
    expect(comment).toMatch(/\/approve publish [0-9a-f]{12}/);
    expect(comment.match(/^- why: /gm)).toHaveLength(20);
    expect(comment).toMatch(/^- and \d{4} more: `signalbox evidence [\w/-]+#\d+`$/m);
    expect(comment.split('\n').slice(-2)[0]).toBe(marker);
    expect(details(state).length).toBeLessThanOrEqual(BODY_CHARS_MAX);
  });

  test('that does not fit with short lists either is short, and names the gate and the words to type', () => {
    const { state } = new Scene({ mode: 'guarded' }).until('start').world;
    const { subject } = state;
    if (subject === undefined) throw new Error('the issue is not read');
    const long = '$'.repeat(600);
    const contract = { ...subject.contract, unclear: many(9, () => long) };
    const { comment } = projection({
      ...state,
      subject: { ...subject, author: long, contract },
      refusedDecision: { kind: 'approve', by: long, why: long },
    });
    expect(comment.length).toBeLessThanOrEqual(BODY_CHARS_MAX);
    expect(comment).toMatch(/Held at the start gate[^\n]*\/approve start [0-9a-f]{12}/);
    expect(comment).toMatch(/^- the rest does not fit here: `signalbox show [\w/-]+#\d+`$/m);
  });

  test('without its text still identifies itself and preserves the facts', () => {
    const state = { ...new Scene({ mode: 'auto-run' }).until('merge').world.state };
    const { marker, comment } = projection(state);
    const plain = withoutText({ comment, marker }, state.issue);
    expect(plain.split('\n').slice(-2)).toEqual(comment.split('\n').slice(-2));
    expect(plain).toContain(marker);
    expect(plain).not.toContain('Held');
    expect(endedLifeIn([plain])).toEqual(endedLifeIn([comment]));
  });
});

describe('the pull request', () => {
  const atMerge = (title = 'One'): IssueState =>
    new Scene({ mode: 'auto-run', github: { issue: issueOf({ title }) } }).until('merge').world.state;

  test('of many long paths and concerns fits, and says how many are left out', () => {
    const state = atMerge();
    const { change, evidence } = state;
    if (change === undefined || evidence === undefined) throw new Error('there is no change');
    const files = many(90, index => path(index)).map(file => ({ path: file, status: 'added' as const }));
    const large = (concerns: readonly string[]) =>
      pullRequestBody({ ...state, change: { ...change, files }, evidence: { ...evidence, concerns } });
    expect(large([])).toContain('- and 40 more: `signalbox evidence');
    const many90 = large(many(90, index => `concern ${index} ${'x'.repeat(1_500)}`));
    expect(many90.length).toBeLessThanOrEqual(BODY_CHARS_MAX);
    expect(many90).toContain('- and 70 more: `signalbox evidence');
    const hostile = large(many(90, () => '$x '.repeat(2_000)));
    expect(hostile.length).toBeLessThanOrEqual(BODY_CHARS_MAX);
    expect(hostile).toContain(evidence.digest);
    expect(hostile).toContain(change.commit);
  });

  test.each(['@a'.repeat(300), '#1'.repeat(300), '😀'.repeat(300), '[ci '.repeat(200), '://a'.repeat(200)])(
    'has a title of at most 256 characters for an issue %#',
    title => {
      const state = atMerge(title);
      const wide = { ...state, issue: { ...state.issue, number: 9_999_999_999 } };
      expect(pullRequestTitle(wide).length).toBeLessThanOrEqual(256);
    },
  );
});

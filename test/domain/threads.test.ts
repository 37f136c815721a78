/** Comments on lines of the diff: which count, and which attempt gets them. */
import { describe, expect, test } from '@jest/globals';
import { evolve } from '../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import type { ObservedReview } from '../../src/domain/observation.ts';
import { omit } from '../../src/domain/omit.ts';
import { projection } from '../../src/domain/projection.ts';
import { isLineRead, LINES_KNOWN_MAX, withLinesRead } from '../../src/domain/review-read.ts';
import type { IssueState } from '../../src/domain/state.ts';
import type { Name } from './life/fixtures.ts';
import {
  causesOf,
  inWords,
  lines,
  onLines,
  reviewed,
  runEnded,
  runNow,
  runStarted,
} from './life/reviewed.ts';
import { AUTO, Scene } from './mutants/scene.ts';

const atMerge = (): IssueState => new Scene(AUTO).until('merge').world.state;

describe('a review with comments on lines', () => {
  test('without a text starts one attempt, which gets its words', () => {
    const state = reviewed(atMerge(), onLines(atMerge(), 'ben', { lines: lines([41, 41], [42, 43]) }));
    expect(state.setAsideTo).toBe(1);
    expect(runNow(state)).toMatchObject({
      attempt: 2,
      reviews: [{ by: 'ben', lines: 'sha256:words-41-43' }],
    });
    expect(runNow(state)?.reviews?.[0]).not.toHaveProperty('body');
    expect(causesOf(state)).toContain('ben asked for changes in 2 threads on lines');
  });

  test('that requests changes needs no text', () => {
    const before = atMerge();
    const state = reviewed(before, onLines(before, 'ben', { state: 'changes-requested' }));
    expect([state.blocked, state.setAsideTo]).toEqual([undefined, 1]);
    // Control: without comments on lines its author is asked for words.
    const bare = omit(onLines(before, 'ben', { state: 'changes-requested' }), 'lines');
    expect(reviewed(before, bare).blocked?.wordless).toMatchObject({ by: 'ben' });
  });

  test('that were read later than the review end the question for words', () => {
    const before = atMerge();
    const bare = omit(onLines(before, 'ben', { state: 'changes-requested' }), 'lines');
    const asked = reviewed(before, bare);
    const state = reviewed(asked, onLines(before, 'ben', { state: 'changes-requested' }));
    expect([state.blocked, state.setAsideTo]).toEqual([undefined, 1]);
  });

  test('by two reviewers in one look is one attempt, which gets both', () => {
    const before = atMerge();
    const ben = inWords(before, 'ben', { lines: lines([41, 41]) });
    const state = reviewed(before, ben, onLines(before, 'ann', { reviewId: 6, lines: lines([41, 44]) }));
    expect(runNow(state)).toMatchObject({
      attempt: 2,
      reviews: [
        { by: 'ben', body: 'sha256:text', lines: 'sha256:words-41' },
        { by: 'ann', lines: 'sha256:words-44' },
      ],
    });
  });

  test('that approves asks for nothing', () => {
    const before = atMerge();
    const state = reviewed(before, onLines(before, 'ben', { state: 'approved' }));
    expect(state.setAsideTo).toBe(0);
    expect(state.approvals.at(-1)?.review).toBe(5);
  });

  test('that was dismissed asks for nothing', () => {
    const before = atMerge();
    expect(reviewed(before, onLines(before, 'ben', { state: 'dismissed' })).setAsideTo).toBe(0);
  });

  test('names how many comments were too many', () => {
    const before = atMerge();
    const state = reviewed(before, onLines(before, 'ben', { lines: { ...lines([41, 41]), total: 300 } }));
    expect(causesOf(state)).toContain('in 1 thread on lines (of 300, which are too many)');
  });
});

describe('what does not count', () => {
  test.each<readonly [string, readonly [Name, Partial<ObservedReview>], string]>([
    ['a person without the role', ['reader', {}], 'but write is required'],
    ['an unknown commit', ['ben', { commit: 'f'.repeat(40) }], 'commit ffffffffffff, which is not one of'],
    ['no commit', ['ben', { commit: null }], 'it is on no commit'],
    ['an unreadable role', ['unreadable', {}], 'cannot read the role'],
  ])('%s: the reviewer is told, and no attempt starts', (_what, [by, part], why) => {
    const before = atMerge();
    const state = reviewed(before, onLines(before, by, part));
    expect(state.setAsideTo).toBe(0);
    expect(state.requestedChanges).toBeUndefined();
    expect(projection(state).comment).toContain(why);
  });

  test('a bot, unless the policy names it; it never approves', () => {
    const before = atMerge();
    const author = { login: 'Helper[bot]', type: 'Bot' } as const;
    const role = { kind: 'unreadable', why: '404' } as const;
    const state = reviewed(before, onLines(before, 'ben', { author, role }));
    expect([state.setAsideTo, state.refusedDecision]).toEqual([0, undefined]);
    const { policy } = before;
    if (policy === undefined) throw new Error('no policy');
    const named = { ...before, policy: { ...policy, review: { bots: ['helper[bot]'] } } };
    const heard = reviewed(named, onLines(before, 'ben', { author, role }));
    expect(runNow(heard)?.reviews).toEqual([{ by: 'Helper[bot]', lines: 'sha256:words-41' }]);
    expect(heard.audit.records.at(-1)).toMatchObject({ judgement: 'automatic' });
    const approval = inWords(before, 'ben', { author, role, state: 'approved' });
    expect(reviewed(named, approval).approvals).toEqual(before.approvals);
    // A person with such a name is no bot.
    const person = { login: 'helper[bot]', type: 'User' } as const;
    expect(reviewed(named, onLines(before, 'reader', { author: person })).setAsideTo).toBe(0);
  });

  test('more reviews than one attempt can get', () => {
    const before = runStarted(reviewed(atMerge(), onLines(atMerge(), 'ben')));
    const many = Array.from({ length: 31 }, (_, at) =>
      onLines(before, 'ben', { reviewId: 10 + at, lines: lines([100 + at, 100 + at]) }),
    );
    const state = reviewed(before, ...many);
    expect(state.requestedChanges).toHaveLength(31);
    expect(state.refusedDecision?.why).toContain('30 reviews wait for the next attempt already');
  });
});

describe('while an attempt runs', () => {
  const running = (): IssueState => {
    const before = atMerge();
    return runStarted(reviewed(before, onLines(before, 'ben')));
  };

  test('the running one is not disturbed, and the one after it gets the words once', () => {
    const before = running();
    const state = reviewed(before, onLines(before, 'ann', { reviewId: 7, lines: lines([50, 50]) }));
    expect(runNow(state)).toEqual(runNow(before));
    expect(causesOf(state)).toContain('the attempt after the running one gets it');
    const next = runEnded(state);
    expect(runNow(next)).toMatchObject({ attempt: 3, reviews: [{ by: 'ben' }, { by: 'ann' }] });
    const last = runEnded(runStarted(next));
    expect(last.setAsideTo).toBe(2);
    expect(nextStep(last)).toMatchObject({ effect: { kind: 'build-change' } });
  });

  test('a review with a text waits too', () => {
    const before = running();
    const text = inWords(before, 'ann', { reviewId: 7 });
    const next = runEnded(reviewed(before, text));
    expect(next.feedback).toEqual({ reviewId: 7, digest: 'sha256:text', by: 'ann' });
    expect(runNow(next)).toMatchObject({
      attempt: 3,
      reviews: [{ by: 'ben' }, { by: 'ann', body: 'sha256:text' }],
    });
  });

  test('without news its result is built', () => {
    expect(nextStep(runEnded(running()))).toMatchObject({ effect: { kind: 'build-change' } });
  });
});

describe('a review that was begun early and submitted late', () => {
  const early = 1_000_000;
  /** One that was submitted then, after the judged one with a higher id. */
  const submitted = (late: number): IssueState => {
    const state = atMerge();
    const judged = reviewed(
      state,
      inWords(state, 'ann', { reviewId: 9, state: 'commented', submittedAt: early }),
    );
    return reviewed(judged, inWords(state, 'ben', { reviewId: 6, submittedAt: late }));
  };

  test('is judged although a review with a higher id was judged before', () => {
    expect(submitted(early + 60_000).setAsideTo).toBe(1);
    expect(submitted(early - 59_000).setAsideTo).toBe(1);
  });

  test('is old if it was submitted long before the latest judged one', () => {
    expect(submitted(early - 61_000).setAsideTo).toBe(0);
  });

  test('is judged once', () => {
    const after = submitted(early + 60_000);
    const again = inWords(after, 'ben', { reviewId: 6, submittedAt: early + 60_000 });
    expect(reviewed(after, again).audit.nextSeq).toBe(after.audit.nextSeq);
  });
});

describe('the comments that were read', () => {
  test('are known by id, and the oldest by their place', () => {
    const ids = withLinesRead([5, 9], [7, 9]);
    expect(ids).toEqual([5, 7, 9]);
    expect([4, 5, 6, 9].map(id => isLineRead({ ids }, id))).toEqual([false, true, false, true]);
    const many = withLinesRead(
      [],
      Array.from({ length: LINES_KNOWN_MAX + 10 }, (_, at) => 2 * at),
    );
    expect(many).toHaveLength(LINES_KNOWN_MAX);
    expect([0, 19, 20, 21].map(id => isLineRead({ ids: many }, id))).toEqual([true, true, true, false]);
  });

  test('are kept, and more of them are read at once', () => {
    const before = atMerge();
    const readTo = { count: 1, updatedAt: 'then', ids: [1] };
    const look = (more?: true): IssueState =>
      evolve(before, {
        type: 'observed',
        observation: {
          facets: ['pull-request'],
          pullRequest: before.pullRequest ?? null,
          lines: { readTo, ...(more === undefined ? {} : { more }) },
        },
        at: before.at + 1,
      });
    expect(look().linesRead).toEqual(readTo);
    expect(look().due['pull-request']).toBeUndefined();
    expect(look(true).due['pull-request']).toBeDefined();
  });
});

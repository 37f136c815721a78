/** Comments on lines of the diff: which count, which attempt gets them, and the answers in their threads. */
import { evolve } from '../../../../src/domain/evolve/evolve.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import type { ObservedReview } from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import { isLineRead, LINES_KNOWN_MAX, withLinesRead } from '../../../../src/domain/review-read.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Name } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import {
  causesOf,
  inWords,
  lines,
  onLines,
  pullObserved,
  reviewed,
  runEnded,
  runNow,
  runStarted,
} from '../../life/reviewed.ts';
import { AUTO, check, type Probe, Scene } from '../scene.ts';

const atMerge = (): IssueState => new Scene(AUTO).until('merge').world.state;

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

export function policyWith(
  state: IssueState,
  review: NonNullable<IssueState['policy']>['review'],
): IssueState {
  const { policy } = state;
  if (policy === undefined || review === undefined) throw new Error('there is no policy');
  return { ...state, policy: { ...policy, review } };
}

export const THREAD_PROBES: readonly Probe[] = [
  check('comments on lines ask for an attempt', () => {
    const before = atMerge();
    const state = reviewed(before, onLines(before, 'ben', { lines: lines([41, 41], [42, 43]) }));
    must('21 heard', state.setAsideTo === 1, 'they are not heard');
    const { reviews } = runNow(state) ?? {};
    must('21 heard', isSame(reviews, [{ by: 'ben', lines: 'sha256:words-41-43' }]), 'the attempt gets less');
    must('21 heard', state.feedback?.digest === 'sha256:words-41-43', 'the run does not know of them');
    must('16 audit', causesOf(state).includes('ben asked for changes in 2 threads on lines'), 'not recorded');
    const one = reviewed(before, onLines(before, 'ben', { lines: { ...lines([41, 41]), total: 9 } }));
    const words = 'ben asked for changes in 1 thread on lines (of 9, which are too many)';
    must('16 audit', causesOf(one).includes(words), 'what was too much is not recorded');
    must('16 audit', !causesOf(state).includes('too many'), 'too many are recorded');
    const { judgement = '', digests = {} } = state.audit.records.at(-1) ?? {};
    must('16 audit', judgement === 'engineering' && digests['feedback'] === undefined, 'the judgement');
    must('16 audit', digests['lines'] === 'sha256:words-41-43', 'its words are not in the record');
  }),
  check('a review without a text has comments on lines', () => {
    const before = atMerge();
    const asked = onLines(before, 'ben', { state: 'changes-requested' });
    const state = reviewed(before, asked);
    must(
      '21 in vain',
      state.blocked === undefined && state.setAsideTo === 1,
      'its author is asked for words',
    );
    const bare = reviewed(before, omit(asked, 'lines'));
    must('21 heard', bare.blocked?.wordless?.by === 'ben', 'nobody is asked for words');
    must('21 in vain', bare.setAsideTo === 0, 'an attempt without words');
    const late = reviewed(bare, asked);
    must('21 heard', late.blocked === undefined && late.setAsideTo === 1, 'words on lines come too late');
    const said = omit(onLines(before, 'ben'), 'lines');
    must('21 in vain', reviewed(before, said).setAsideTo === 0, 'a comment asks for changes');
    for (const other of ['approved', 'dismissed'] as const)
      must('21 in vain', reviewed(before, onLines(before, 'ben', { state: other })).setAsideTo === 0, other);
    const seen = reviewed(before, inWords(before, 'ben', { reviewId: 5 }));
    const later = reviewed(seen, onLines(before, 'ben', { reviewId: 5 }));
    must('21 heard', later.requestedChanges?.length === 2, 'words on lines of a judged review are lost');
  }),
  check('several reviews ask in one look', () => {
    const before = atMerge();
    const ben = inWords(before, 'ben', { lines: lines([41, 41]) });
    const state = reviewed(before, ben, onLines(before, 'ann', { reviewId: 6, lines: lines([41, 44]) }));
    const wanted = [
      { by: 'ben', body: 'sha256:text', lines: 'sha256:words-41' },
      { by: 'ann', lines: 'sha256:words-44' },
    ];
    must('21 heard', isSame(runNow(state)?.reviews, wanted), 'the attempt gets less than all');
    const twice = reviewed(before, inWords(before, 'ben'), inWords(before, 'ann', { reviewId: 6 }));
    must('21 heard', runNow(twice)?.reviews?.length === 2, 'the first of two texts is lost');
    const plain = reviewed(before, inWords(before, 'ben'));
    must('21 heard', runNow(plain)?.feedback === 'sha256:text', 'the text is lost');
    must('21 in vain', runNow(plain)?.reviews === undefined, 'one text is named twice');
  }),
  check('a review on lines does not count', () => {
    const before = atMerge();
    const told = (by: Name, part: Partial<ObservedReview> = {}): string => {
      const state = reviewed(before, onLines(before, by, part));
      must('9 role', state.requestedChanges === undefined && state.setAsideTo === 0, `${by} is heard`);
      return state.refusedDecision?.why ?? '';
    };
    must('21 told', told('reader').includes('write is required'), 'a reader is not told');
    must('21 told', told('unreadable').includes('cannot read the role'), 'nobody is told');
    must('21 told', told('ben', { commit: null }).startsWith('it is on no commit'), 'no commit');
    const other = 'it is on commit ffffffffffff';
    must('21 told', told('ben', { commit: 'f'.repeat(40) }).startsWith(other), 'an unknown commit');
    const pushed = { ...omit(before, 'pushSent'), pushed: 'new', pushedBefore: 'old' };
    for (const commit of ['new', 'old', before.change?.commit ?? ''])
      must('21 heard', reviewed(pushed, onLines(before, 'ben', { commit })).setAsideTo === 1, commit);
  }),
  check('a bot reviews lines', () => {
    const before = atMerge();
    const author = { login: 'Helper[bot]', type: 'Bot' } as const;
    const review = onLines(before, 'ben', { author, role: { kind: 'unreadable', why: '404' } });
    must('9 role', reviewed(before, review).setAsideTo === 0, 'an unnamed bot is heard');
    const named = policyWith(before, { bots: ['helper[bot]'] });
    const heard = reviewed(named, review);
    must('21 heard', heard.requestedChanges?.[0]?.by === 'Helper[bot]', 'a named bot is not heard');
    must('16 audit', heard.audit.records.at(-1)?.judgement === 'automatic', 'a bot judges');
    const approval = { ...omit(review, 'lines'), state: 'approved' } as const;
    must('9 role', reviewed(named, approval).approvals.length === before.approvals.length, 'a bot approves');
    const person = onLines(before, 'reader', { author: { ...author, type: 'User' } });
    must('9 role', reviewed(named, person).setAsideTo === 0, 'a person with the name of a bot is heard');
    const others = policyWith(before, { resolveThreads: true });
    must('9 role', reviewed(others, review).setAsideTo === 0, 'a bot is heard without a list');
  }),
  check('reviews come while an attempt runs', () => {
    const first = atMerge();
    const running = runStarted(reviewed(first, onLines(first, 'ben')));
    const state = reviewed(running, onLines(running, 'ann', { reviewId: 7, lines: lines([50, 50]) }));
    must('21 in vain', isSame(runNow(state), runNow(running)), 'the running attempt is disturbed');
    must('16 audit', causesOf(state).includes('the attempt after the running one gets it'), 'not recorded');
    must('16 audit', !causesOf(running).includes('the attempt after'), 'recorded without reason');
    const next = runEnded(state);
    const got = runNow(next);
    must('21 heard', got?.attempt === 3 && got.reviews?.length === 2, 'the next attempt gets less');
    const last = runEnded(runStarted(next));
    must('20 seen once', runNow(last) === undefined, 'the same words cost another attempt');
    must('21 in vain', nextStep(runEnded(running)).kind === 'effect', 'a result is thrown away');
    must('21 in vain', runNow(runEnded(running)) === undefined, 'an attempt without news');
    const text = runEnded(reviewed(running, inWords(running, 'ann', { reviewId: 7 })));
    must('21 heard', text.feedback?.digest === 'sha256:text', 'a text that waited is lost');
    const many = Array.from({ length: 31 }, (_, at) => onLines(running, 'ben', { reviewId: 10 + at }));
    const full = reviewed(running, ...many);
    must('21 limits', full.requestedChanges?.length === 31, 'more wait than an attempt gets');
    must('21 told', full.refusedDecision?.why.includes('wait for the next attempt') === true, 'not told');
    const most = Array.from({ length: 50 }, () => running.requestedChanges?.[0] ?? []).flat();
    const kept = reviewed({ ...running, requestedChanges: most }, onLines(running, 'ann', { reviewId: 7 }));
    must('21 limits', kept.requestedChanges?.length === 50, 'the list grows without end');
    must('21 heard', kept.requestedChanges?.at(-1)?.by === 'ann', 'the newest is dropped');
  }),
  check('a review is submitted after one that was begun later', () => {
    const early = 1_000_000;
    const state = atMerge();
    const ann = inWords(state, 'ann', { reviewId: 9, state: 'commented', submittedAt: early });
    const judged = reviewed(state, ann);
    const ben = (submittedAt: number): ObservedReview => inWords(state, 'ben', { reviewId: 6, submittedAt });
    const after = reviewed(judged, ben(early + 60_000));
    must('21 heard', after.setAsideTo === 1, 'a review that was submitted late is lost');
    const near = reviewed(judged, ben(early - 60_000));
    must('21 heard', near.setAsideTo === 1, 'clocks that differ lose a review');
    must('20 seen once', reviewed(judged, ben(early - 60_001)).setAsideTo === 0, 'an old one is judged');
    must('20 seen once', reviewed(after, ben(early + 60_000)).requestedChanges?.length === 1, 'judged twice');
    must('20 seen once', reviewed(judged, omit(ben(0), 'submittedAt')).setAsideTo === 0, 'without a time');
    const older = omit(judged, 'reviewsReadTo');
    must('20 seen once', reviewed(older, ben(early)).setAsideTo === 0, 'an older state judges again');
    const again = reviewed(after, inWords(state, 'ann', { reviewId: 8, state: 'commented', submittedAt: 1 }));
    must('20 seen once', again.reviewsReadTo === early + 60_000, 'the time goes back');
    const ids = Array.from({ length: 300 }, (_, at) => at + 100);
    const many = reviewed({ ...after, reviewsJudged: ids, reviewsSeen: 500 });
    must('21 limits', many.reviewsJudged.length === 200, 'the list of judged reviews grows without end');
    must('20 seen once', many.reviewsJudged.at(-1) === 399, 'the latest are forgotten');
  }),
  check('comments on lines are read once', () => {
    const ids = withLinesRead([9, 5], [7, 9]);
    must('20 seen once', isSame(ids, [5, 7, 9]), 'an id is there twice, or without order');
    must('20 seen once', isLineRead({ ids }, 7) && !isLineRead({ ids }, 4), 'a known one is news');
    const many = withLinesRead(
      [],
      Array.from({ length: LINES_KNOWN_MAX + 10 }, (_, at) => 2 * at),
    );
    must('21 limits', many.length === LINES_KNOWN_MAX, 'the list grows without end');
    must('20 seen once', isLineRead({ ids: many }, 0) && !isLineRead({ ids: many }, 21), 'the oldest');
    const state = atMerge();
    const readTo = { count: 1, updatedAt: 'then', ids: [1] };
    const look = (more: { readonly more?: true }): IssueState =>
      evolve(state, {
        type: 'observed',
        observation: { ...pullObserved(state), lines: { readTo, ...more } },
        at: state.at + 1,
      });
    must('19 read', isSame(look({}).linesRead, readTo), 'what was read is not known');
    must('21 rests', look({}).due['pull-request'] === undefined, 'it is read again and again');
    must('19 read', look({ more: true }).due['pull-request'] !== undefined, 'the rest is not read');
    must('19 read', reviewed(look({})).linesRead !== undefined, 'a look without news forgets');
  }),
];

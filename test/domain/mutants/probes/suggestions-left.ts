/** Reviews of suggestions that are left to the agent, and why. */
import { nextStep } from '../../../../src/domain/next-step.ts';
import type { ObservedReview } from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { causesOf, inWords, lines, onLines, reviewed, runNow, runStarted } from '../../life/reviewed.ts';
import { after, check, present, type Probe } from '../scene.ts';
import { applied, applyingIn, atMerge, GONE, leftIn, sent, suggesting } from './suggestions.ts';

export const SUGGESTION_LEFT_PROBES: readonly Probe[] = [
  check('a review that is left to the agent, and why', () => {
    const before = atMerge();
    const why = (review: ObservedReview): string => leftIn(reviewed(before, review));
    const withText = { ...omit(suggesting(before), 'empty'), body: 'sha256:text' as const };
    mustBe('21 told', why(withText), 'the review has a text besides them');
    const problem = { ...lines([41, 41]), suggested: { problem: 'why not' } };
    mustBe('21 told', why(onLines(before, 'ben', { lines: problem })), 'why not');
    const older = suggesting(before, 'ben', { suggested: { commit: 'f'.repeat(40) } });
    mustBe('21 told', why(older), 'they are on commit ffffffffffff, which is not the present one');
    mustBe('21 told', why(onLines(before, 'ben')), '');
    const author = { login: 'helper[bot]', type: 'Bot' } as const;
    const bots = { mode: 'auto-run', review: { suggestions: true, bots: [author.login] } } as const;
    const named = atMerge(bots);
    const bot = suggesting(named, 'ben', { author, role: { kind: 'unreadable', why: '404' } });
    mustBe('9 persons only', leftIn(reviewed(named, bot)), 'only suggestions of people are applied');
    const moved = { ...omit(before, 'pushSent'), pushed: 'other' };
    const [other] = reviewed(moved, suggesting(before)).requestedChanges ?? [];
    must(
      '4 one commit',
      other?.unsuggested?.startsWith('they are on') === true,
      'not the head of the branch',
    );
  }),
  check('a review of suggestions and one with words', () => {
    const before = atMerge();
    const words = inWords(before, 'ann', { reviewId: 6 });
    for (const reviews of [
      [suggesting(before), words],
      [words, suggesting(before, 'ben', { reviewId: 7 })],
    ]) {
      const state = reviewed(before, ...reviews);
      must('21 heard', applyingIn(state) === undefined, 'words are left out');
      const given = runNow(state)?.reviews ?? [];
      mustBe('21 heard', given.length, 2);
      const told = given.flatMap(({ unsuggested = [] }) => unsuggested);
      must('21 told', told.length === 1, 'no reason');
      must(
        '21 told',
        [MIXED, DUE].some(reason => told.includes(reason)),
        told.join(),
      );
      const running = runStarted(state);
      mustBe('21 in vain', runNow(running), runNow(state));
    }
  }),
  check('suggestions while an attempt runs, or is due', () => {
    const before = atMerge();
    const due = reviewed(before, inWords(before, 'ann', { reviewId: 4 }));
    const first = reviewed(due, suggesting(before));
    mustBe('21 told', leftIn(first), DUE);
    const running = runStarted(due);
    const state = reviewed(running, suggesting(before));
    mustBe('21 in vain', runNow(state), runNow(running));
    mustBe('21 told', state.requestedChanges?.at(-1)?.unsuggested, RUNNING);
  }),
  check('something else is said before they are applied', () => {
    const before = atMerge();
    const state = reviewed(before, suggesting(before));
    const attempt = state.runs[0]?.attempt ?? 1;
    const rejected = { ...state, rejections: [{ attempt, reason: 'no' }] };
    const failed = { ...state, failedInCi: { attempt, head: '', checks: [] } };
    const edited = after(state, {
      type: 'observed',
      observation: {
        facets: ['issue'],
        issue: { ...present(state.subject, 'issue'), digest: 'sha256:edited' },
      },
    });
    const rebased = { ...state, runBase: 'base-9' };
    const analysis = { ...state, modeSet: 'spike' as const };
    const unbuilt = omit(state, 'change');
    const others = { ...state, change: { ...present(state.change, 'change'), runId: 'g1-a0' } };
    const built = { ...state, change: { ...present(state.change, 'change'), commit: 'other' } };
    for (const other of [rejected, failed, edited, rebased, analysis, unbuilt, others, built])
      must('21 heard', applyingIn(other) === undefined, 'they are applied all the same');
    mustBe('21 told', leftIn(rejected), GONE);
    const earlier = { ...state, rejections: [{ attempt: attempt - 1, reason: 'no' }] };
    must('21 heard', applyingIn(earlier) !== undefined, 'what an attempt knew stops them');
    const fixed = { ...state, failedInCi: { attempt: attempt - 1, head: '', checks: [] } };
    must('21 heard', applyingIn(fixed) !== undefined, 'an earlier failure stops them');
    const lost = state.runs.map(run => ({ ...run, end: run.end && omit(run.end, 'manifest') }));
    const unkept = { ...state, runs: lost as IssueState['runs'] };
    must('8 same text', applyingIn(unkept) === undefined, 'without files');
  }),
  check('how many are applied at once', () => {
    const before = atMerge();
    const many = (count: number): IssueState =>
      reviewed(
        before,
        suggesting(before, 'ben', { suggested: { count } }),
        suggesting(before, 'ann', { reviewId: 6, suggested: { count: 50 } }),
      );
    must('21 limits', applyingIn(many(50)) !== undefined, 'as many as may be');
    mustBe('21 limits', leftIn(many(51)), GONE);
  }),
  check('an answer about other suggestions is void', () => {
    const before = atMerge();
    const one = sent(reviewed(before, suggesting(before)));
    const two = reviewed(one, suggesting(before, 'ann', { reviewId: 6 }));
    const late = after(two, {
      ...{ type: 'suggestions-applied', runId: 'g1-a2', manifest: 'sha256:new' },
      suggestions: ['sha256:edits-5'],
    });
    mustBe('21 heard', [late.runs.length, late.sent], [1, undefined]);
    mustBe('21 heard', applyingIn(late)?.suggestions, ['sha256:edits-5', 'sha256:edits-6']);
    const words = reviewed(one, inWords(before, 'ann', { reviewId: 6 }));
    const gone = after(words, {
      ...{ type: 'suggestions-applied', runId: 'g1-a2', manifest: 'sha256:new' },
      suggestions: ['sha256:edits-5'],
    });
    must('21 heard', gone.runs.length === 1 && runNow(gone) !== undefined, 'words are left out');
  }),
  check('suggestions that are refused', () => {
    const before = atMerge();
    const state = sent(reviewed(before, suggesting(before), suggesting(before, 'ann', { reviewId: 6 })));
    const refused = after(state, {
      ...{ type: 'suggestions-refused', reason: 'they overlap' },
      suggestions: ['sha256:edits-5', 'sha256:edits-6'],
    });
    must('21 rests', applyingIn(refused) === undefined, 'they are tried again and again');
    const reasons = runNow(refused)?.reviews?.map(({ unsuggested }) => unsuggested);
    mustBe('21 told', reasons, ['they overlap', 'they overlap']);
    const cause = 'suggestions are left to the agent: they overlap';
    must('16 audit', causesOf(refused).includes(cause), 'it is not recorded');
    const part = after(sent(reviewed(before, suggesting(before))), {
      ...{ type: 'suggestions-refused', reason: 'no' },
      suggestions: ['sha256:other'],
    });
    must('21 heard', applyingIn(part) !== undefined, 'others are left to the agent');
  }),
  check('a change with suggestions that is not allowed', () => {
    const before = atMerge();
    const state = applied(reviewed(before, suggesting(before)));
    const step = nextStep(state);
    if (step.kind !== 'effect') throw new Error('nothing is built');
    const building = after(state, { type: 'step-started', effect: step.effect });
    const refusals = [
      { path: 'a', reason: 'not allowed' },
      { path: '', reason: 'too much' },
    ];
    const refused = after(building, { type: 'change-refused', runId: 'g1-a2', refusals });
    mustBe('21 told', leftIn(refused), 'the change with them is not allowed: a: not allowed; too much');
    must('21 rests', refused.refusals.length === 0 && refused.runs.at(-1)?.withdrawn === true, 'it is held');
    mustBe('3 one run', runNow(refused)?.attempt, 3);
    const cause = 'suggestions are left to the agent: the change with them is not allowed: a: not allowed';
    must('16 audit', causesOf(refused).includes(cause), 'it is not recorded');
  }),
  check('a later attempt of the agent gets what was applied, without a reason', () => {
    const before = atMerge();
    const done = applied(reviewed(before, suggesting(before)));
    const state = { ...done, setAsideTo: 2 };
    const { attempt, reviews } = runNow(state) ?? {};
    mustBe('21 heard', [attempt, reviews], [3, [{ by: 'ben', lines: 'sha256:words-5' }]]);
  }),
];

const MIXED = 'another review asked for changes that need the agent';
const DUE = 'another attempt was due already';
const RUNNING = 'an attempt was running, which changes the same files';

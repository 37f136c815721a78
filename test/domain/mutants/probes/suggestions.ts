/** Reviews that consist of suggestions: applied as they are written, or left to the agent with the reason. */
import { nextStep } from '../../../../src/domain/next-step.ts';
import type { ObservedReview, Suggested } from '../../../../src/domain/observation.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Effect } from '../../../../src/domain/step.ts';
import { HEADS } from '../../life/branch.ts';
import type { Name } from '../../life/fixtures.ts';
import { withHead } from '../../life/github.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { causesOf, inWords, lines, onLines, reviewed, runNow, runStarted } from '../../life/reviewed.ts';
import { after, check, type Probe, probe, Scene } from '../scene.ts';

const TAKING = { mode: 'auto-run', review: { suggestions: true } } as const;

const atMerge = (setting: ConstructorParameters<typeof Scene>[0] = TAKING): IssueState =>
  new Scene(setting).until('merge').world.state;

export function suggesting(
  state: IssueState,
  by: Name = 'ben',
  { suggested, ...part }: Partial<ObservedReview> & { readonly suggested?: Partial<Suggested> } = {},
): ObservedReview {
  const reviewId = part.reviewId ?? 5;
  const edits = `sha256:edits-${reviewId}` as const;
  const all = { edits, count: 1, commit: state.change?.commit ?? '', ...suggested };
  return onLines(state, by, { lines: { ...lines([reviewId, reviewId]), suggested: all }, ...part });
}

type Applying = Extract<Effect, { kind: 'apply-suggestions' }>;

const applyingIn = (state: IssueState): Applying | undefined => {
  const step = nextStep(state);
  return step.kind === 'effect' && step.effect.kind === 'apply-suggestions' ? step.effect : undefined;
};

/** Why the agent gets them. */
const leftIn = (state: IssueState): string => {
  must('21 heard', applyingIn(state) === undefined, 'they are applied');
  return runNow(state)?.reviews?.at(-1)?.unsuggested ?? '';
};

const sent = (state: IssueState): IssueState => {
  const effect = applyingIn(state);
  if (effect === undefined) throw new Error('no suggestions are due');
  return after(state, { type: 'step-started', effect });
};

const applied = (state: IssueState): IssueState => {
  const { runId = '', suggestions = [] } = applyingIn(state) ?? {};
  return after(sent(state), { type: 'suggestions-applied', runId, suggestions, manifest: 'sha256:new' });
};

export const SUGGESTION_PROBES: readonly Probe[] = [
  probe('suggestions of a review are applied, verified, answered and merged', TAKING, scene => {
    scene.until('merge').act('a person suggests a change', 1).untilEffect('apply-suggestions');
    scene.until('merge');
    const { runs, requestedChanges, described, change } = scene.world.state;
    mustBe(
      '21 heard',
      runs.map(({ end }) => end?.ending),
      ['patch', 'suggested'],
    );
    mustBe('21 told', requestedChanges?.[0]?.owed, []);
    must('4 one commit', described === change?.commit, 'the pull request shows another commit');
    scene.act('a person suggests a change', 0).until('merge');
    mustBe('21 told', scene.world.state.runs.at(-1)?.suggestedBy, [{ login: 'ben' }, { login: 'ann' }]);
    scene.approve().flow();
    must('21 rests', scene.world.state.merge !== undefined, 'it is not merged');
  }),
  probe('suggestions that cannot be applied are left to the agent', TAKING, scene => {
    scene.until('merge').act('a person suggests a change', 41).untilEffect('run-agent');
    const { effect } = scene;
    const reviews = effect.kind === 'run-agent' ? effect.reviews : [];
    mustBe('21 told', reviews?.[0]?.unsuggested, 'they are outside the file');
    must(
      '16 audit',
      causesOf(scene.world.state).includes('left to the agent: they are outside'),
      'unrecorded',
    );
    scene.until('merge');
  }),
  probe('suggestions on top of adopted commits keep them', TAKING, scene => {
    scene.until('merge').do(world => {
      world.github = withHead(world.github, HEADS.onTop);
    });
    scene.poked().flow().decide('ann', { kind: 'adopt', head: HEADS.onTop }).until('publish').approve();
    scene.until('merge').act('a person suggests a change', 1).until('publish').approve().until('merge');
    const [adopted, last] = scene.world.state.runs.slice(-2);
    mustBe('21 told', last?.adopted, adopted?.adopted);
    mustBe('16 audit', last?.end?.ending, 'suggested');
  }),
  probe('commits on top of suggestions keep their authors', TAKING, scene => {
    scene.until('merge').act('a person suggests a change', 1).untilEffect('apply-suggestions').until('merge');
    scene.do(world => {
      world.github = withHead(world.github, HEADS.onTop);
    });
    scene.poked().flow().decide('ann', { kind: 'adopt', head: HEADS.onTop }).until('publish');
    const [plain, suggested, adopted] = scene.world.state.runs;
    mustBe('21 told', adopted?.suggestedBy, suggested?.suggestedBy);
    must('21 told', plain !== undefined && !('suggestedBy' in plain), 'an agent suggests');
  }),
  check('what is applied, to what, and what becomes of it', () => {
    const before = atMerge();
    const state = reviewed(before, suggesting(before, 'ben', { suggested: { count: 2, authorId: 7 } }));
    const [below] = state.runs;
    mustBe('8 same text', applyingIn(state), {
      ...{ kind: 'apply-suggestions', runId: 'g1-a2', attempt: 2 },
      ...{ manifest: below?.end?.manifest, suggestions: ['sha256:edits-5'] },
    });
    const done = applied(state);
    const run = done.runs.at(-1);
    mustBe('16 audit', run?.suggested, { reviews: [5], count: 2 });
    mustBe('21 told', run?.suggestedBy, [{ login: 'ben', id: 7 }]);
    mustBe('8 same text', run?.inputs, below?.inputs);
    mustBe('16 audit', [run?.end?.manifest, run?.costUsdMax], ['sha256:new', 0]);
    mustBe('16 audit', run?.end?.summary, `2 suggestions of ben, on top of: ${below?.end?.summary ?? ''}`);
    const cause = 'run g1-a2: applied 2 suggestions of ben on top of run g1-a1';
    must('16 audit', causesOf(done).includes(cause), 'it is not recorded');
    must('21 in vain', applyingIn(done) === undefined && runNow(done) === undefined, 'it is done again');
    const step = nextStep(done);
    must('21 rests', step.kind === 'effect' && step.effect.kind === 'build-change', 'nothing is built');
    const refused = { ...state, refusals: [{ path: 'a', reason: 'b' }] };
    mustBe('21 rests', applied(refused).refusals, []);
    const one = applied(reviewed(before, suggesting(before)));
    must('16 audit', causesOf(one).includes('applied 1 suggestion of ben on'), 'one is not counted');
    mustBe('21 told', one.runs.at(-1)?.suggestedBy, [{ login: 'ben' }]);
  }),
  check('two reviewers suggest', () => {
    const before = atMerge();
    const ann = suggesting(before, 'ann', { reviewId: 6 });
    const state = reviewed(before, suggesting(before), ann);
    mustBe('21 heard', applyingIn(state)?.suggestions, ['sha256:edits-5', 'sha256:edits-6']);
    const run = applied(state).runs.at(-1);
    mustBe('21 told', run?.suggestedBy, [{ login: 'ben' }, { login: 'ann' }]);
    mustBe('16 audit', run?.suggested, { reviews: [5, 6], count: 2 });
    const later = reviewed(reviewed(before, suggesting(before)), ann);
    mustBe('21 heard', applyingIn(later)?.suggestions, ['sha256:edits-5', 'sha256:edits-6']);
    const same = reviewed(before, suggesting(before), suggesting(before, 'ben', { reviewId: 6 }));
    mustBe('21 told', applied(same).runs.at(-1)?.suggestedBy, [{ login: 'ben' }]);
  }),
  check('only what the policy lets be applied', () => {
    for (const review of [undefined, {}, { resolveThreads: true } as const]) {
      const before = atMerge(review === undefined ? { mode: 'auto-run' } : { mode: 'auto-run', review });
      const state = reviewed(before, suggesting(before));
      mustBe('7 policy', leftIn(state), '');
      const [request = {}] = state.requestedChanges ?? [];
      must('7 policy', !('suggested' in request) && !('unsuggested' in request), 'the state knows of it');
    }
    const before = atMerge();
    const state = reviewed(before, suggesting(before));
    const { policy } = state;
    if (policy === undefined) throw new Error('no policy');
    const off = { ...state, policy: { ...policy, review: {} } };
    must('7 policy', applyingIn(off) === undefined, 'applied against the policy');
    mustBe('21 told', leftIn(off), GONE);
  }),
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
        `${told.join()}`,
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
      observation: { facets: ['issue'], issue: { ...present(state), digest: 'sha256:edited' } },
    });
    const rebased = { ...state, runBase: 'base-9' };
    const analysis = { ...state, modeSet: 'spike' as const };
    const unbuilt = omit(state, 'change');
    const others = { ...state, change: { ...changed(state), runId: 'g1-a0' } };
    const built = { ...state, change: { ...changed(state), commit: 'other' } };
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

const GONE = 'they are too many, or the change that they are written on does not count any more';
const MIXED = 'another review asked for changes that need the agent';
const DUE = 'another attempt was due already';
const RUNNING = 'an attempt was running, which changes the same files';

function present({ subject }: IssueState): NonNullable<IssueState['subject']> {
  if (subject === undefined) throw new Error('no issue');
  return subject;
}

function changed({ change }: IssueState): NonNullable<IssueState['change']> {
  if (change === undefined) throw new Error('no change');
  return change;
}

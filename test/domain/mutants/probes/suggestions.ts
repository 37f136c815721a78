/** Reviews that consist of suggestions: applied as they are written, or left to the agent with the reason. */
import { nextStep } from '../../../../src/domain/next-step.ts';
import type { ObservedReview, Suggested } from '../../../../src/domain/observation.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Effect } from '../../../../src/domain/step.ts';
import { HEADS } from '../../life/branch.ts';
import type { Name } from '../../life/fixtures.ts';
import { withHead } from '../../life/github.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { causesOf, lines, onLines, reviewed, runNow } from '../../life/reviewed.ts';
import { after, check, present, type Probe, probe, Scene } from '../scene.ts';

export const GONE = 'they are too many, or the change that they are written on does not count any more';

const TAKING = { mode: 'auto-run', review: { suggestions: true } } as const;

export const atMerge = (setting: ConstructorParameters<typeof Scene>[0] = TAKING): IssueState =>
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

export const applyingIn = (state: IssueState): Applying | undefined => {
  const step = nextStep(state);
  return step.kind === 'effect' && step.effect.kind === 'apply-suggestions' ? step.effect : undefined;
};

/** Why the agent gets them. */
export const leftIn = (state: IssueState): string => {
  must('21 heard', applyingIn(state) === undefined, 'they are applied');
  return runNow(state)?.reviews?.at(-1)?.unsuggested ?? '';
};

export const sent = (state: IssueState): IssueState => {
  const effect = applyingIn(state);
  if (effect === undefined) throw new Error('no suggestions are due');
  return after(state, { type: 'step-started', effect });
};

export const applied = (state: IssueState): IssueState => {
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
  }),
  check('the run of suggestions', () => {
    const before = atMerge();
    const state = reviewed(before, suggesting(before, 'ben', { suggested: { count: 2, authorId: 7 } }));
    const [below] = state.runs;
    const done = applied(state);
    const { suggested, suggestedBy, inputs, end, costUsdMax } = present(done.runs.at(-1), 'run');
    mustBe('16 audit', suggested, { reviews: [5], count: 2 });
    mustBe('21 told', suggestedBy, [{ login: 'ben', id: 7 }]);
    mustBe('8 same text', inputs, below?.inputs);
    mustBe('16 audit', [end?.manifest, costUsdMax], ['sha256:new', 0]);
    mustBe('16 audit', end?.summary, `2 suggestions of ben, on top of: ${below?.end?.summary ?? ''}`);
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
];

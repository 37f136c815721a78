/** What the views, the steps and the words show of adopted commits, calls, targets and delays. */
import { commitsText } from '../../../../src/domain/foreign-head.ts';
import { delayedFirst } from '../../../../src/domain/next-step-delayed.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import { omit } from '../../../../src/domain/omit.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { CallMade } from '../../../../src/domain/state/calls.ts';
import type { Delay, DelayedKind } from '../../../../src/domain/state/delays.ts';
import type { Effect, Step } from '../../../../src/domain/step.ts';
import { targetBranch } from '../../../../src/domain/target.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { foreignAt, HEADS } from '../../life/branch.ts';
import { withHead } from '../../life/github.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { after, AUTO, check, present, type Probe, Scene } from '../scene.ts';

const atMerge = (): Scene => new Scene(AUTO).until('merge');

/** Others push to the branch, and it is seen. */
const pushed = (life: Scene, head: string): Scene =>
  life
    .do(world => {
      world.github = withHead(world.github, head);
    })
    .poked()
    .flow();

const adopting = (): Scene =>
  pushed(atMerge(), HEADS.onTop)
    .decide('ann', { kind: 'adopt', head: HEADS.onTop })
    .untilEffect('adopt-commits');

const kindOf = (step: Step): string => (step.kind === 'effect' ? step.effect.kind : step.kind);
const whatOf = (step: Step): string => (step.kind === 'hold' ? step.hold.what : step.kind);
const effectOf = (state: IssueState): Effect | undefined => {
  const step = nextStep(omit(state, 'sent'));
  return step.kind === 'effect' ? step.effect : undefined;
};

const commit = (by: string, isSigned = false) => ({ id: HEADS.onTop, by, isSigned });

const delay = (kind: DelayedKind): Delay => ({ kind, since: 1, reason: `no ${kind}`, until: 2, times: 1 });

/** What a look that is waited for is held by. */
function heldBy(state: IssueState, ...kinds: readonly DelayedKind[]): string {
  const step = delayedFirst({ ...state, delays: kinds.map(delay) }, { kind: 'wait', for: 'look' });
  return step.kind === 'hold' ? step.hold.why.join() : step.kind;
}

function refusedFor(path: string): string {
  const { state } = adopting().untilEffect('build-change').world;
  const { runId } = present(state.adoption, 'adoption');
  const refusals = [{ path, reason: 'it is secret' }];
  const refused = after(state, { type: 'change-refused', runId: runId ?? '', refusals });
  return JSON.stringify([refused.blocked, refused.audit.records.at(-1)?.cause]);
}

function called(state: IssueState, ...parts: readonly Partial<CallMade>[]): object | undefined {
  const made = present(state.calls?.at(-1), 'call');
  return viewOf({ ...state, calls: parts.map(part => ({ ...omit(made, 'notice', 'problem'), ...part })) })
    .called;
}

export const LOOK_PROBES: readonly Probe[] = [
  check('commitsText counts and names', () => {
    mustBe('21 shown', commitsText({ total: 1, commits: [commit('ben', true)] }), '1 commit by ben');
    const two = [commit('ben'), commit('ann')];
    mustBe('21 shown', commitsText({ total: 2, commits: two }), '2 commits by ben, ann');
    mustBe('21 shown', commitsText({ total: 2, commits: [] }), '2 commits');
    const four = ['a', 'b', 'c', 'd'].map(by => commit(by));
    mustBe('21 shown', commitsText({ total: 4, commits: four }), '4 commits by a, b, c and 1 more');
  }),
  check('foreignOf in the view', () => {
    const none = atMerge();
    must('21 shown', !('foreign' in viewOf(none.world.state)), 'commits of others are shown without any');
    const { head, total, commits } = foreignAt(HEADS.onTop);
    const view = viewOf(pushed(none, HEADS.onTop).world.state);
    mustBe('21 shown', view.foreign, { head, total, commits, problem: null });
    const replaced = viewOf(pushed(atMerge(), HEADS.replaced).world.state).foreign?.problem ?? '';
    must('21 shown', replaced.includes('was replaced'), `the problem is “${replaced}”`);
  }),
  check('calledOf in the view', () => {
    const { state } = new Scene({ ...AUTO, github: { calling: {} } }).flow().world;
    const { who, rung, at, answers } = present(state.calls?.at(-1), 'call');
    const plain = { who, rung, at };
    mustBe('21 shown', called(state), undefined);
    mustBe('21 shown', called(state, {}), plain);
    mustBe('21 shown', called(state, {}, { hold: 'other', at: 1 }), plain);
    mustBe('21 shown', called(state, { answers: answers - 1 }), undefined);
    mustBe('21 shown', called(state, { hold: 'other' }), undefined);
    mustBe('21 shown', called(state, { notice: 'posted' }), { ...plain, posted: true });
    mustBe('21 shown', called(state, { notice: 'owed' }), plain);
    const both = called(state, { problem: 'no comment', notice: { problem: 'gone' } });
    mustBe('21 shown', both, { ...plain, problem: 'no comment; webhook: gone' });
  }),
  check('workOf in the view', () => {
    const { state } = atMerge().world;
    const { claim, change, evidence, pullRequest } = state;
    const view = viewOf(state);
    mustBe('21 shown', view.branch, claim?.branch);
    mustBe('21 shown', view.base, claim?.base);
    must('21 shown', !('target' in view), 'the default branch is shown as a target');
    mustBe('21 shown', view.change?.commit, change?.commit);
    mustBe('21 shown', view.evidence?.digest, evidence?.digest);
    mustBe('21 shown', view.pullRequest?.number, pullRequest?.number);
    const into = { ...present(claim, 'claim'), into: 'stable' };
    mustBe('21 shown', viewOf({ ...state, claim: into }).target, 'stable');
    const { branch, base, ...bare } = viewOf(new Scene(AUTO).untilEffect('read-policy').world.state);
    mustBe('21 shown', [branch, base, bare.change, bare.evidence, bare.pullRequest], Array(5).fill(null));
  }),
  check('claimOf takes the claim that was sent', () => {
    const { state } = atMerge().world;
    const claim = present(state.claim, 'claim');
    const sent = { ...claim, into: 'sent' };
    mustBe('21 told', targetBranch({ ...omit(state, 'claim'), claimSent: sent }), 'sent');
    const both = { ...state, claim: { ...claim, into: 'made' }, claimSent: sent };
    mustBe('21 told', targetBranch(both), 'made');
  }),
  check('adoptStep is next after an adoption', () => {
    mustBe('21 told', kindOf(nextStep(omit(adopting().world.state, 'sent'))), 'adopt-commits');
  }),
  check('withForeign shows commits at another hold', () => {
    const life = atMerge().decide('ann', { kind: 'reject', reason: 'I will do it' }).flow();
    must('21 shown', !whatOf(life.step()).includes('/adopt'), 'nothing can be adopted');
    const what = whatOf(pushed(life, HEADS.onTop).step());
    must('21 shown', what.includes('; or /adopt'), `it says “${what}”`);
  }),
  check('refusalText with and without a path', () => {
    const [named, bare] = [refusedFor('src/key.ts'), refusedFor('')];
    must('21 told', named.includes('src/key.ts: it is secret'), named);
    must('21 told', bare.includes('it is secret') && !bare.includes(': : '), bare);
    must('21 told', !bare.includes(' : it is'), bare);
  }),
  check('delayLookedAt names what keeps failing', () => {
    const { state } = atMerge().world;
    mustBe('21 told', heldBy(state), 'wait');
    mustBe('21 told', heldBy(state, 'project'), 'wait');
    for (const kinds of [['claim-branch'], ['project', 'claim-branch'], ['archive-audit']] as const) {
      const why = heldBy(state, ...kinds);
      must('21 told', why.includes(`no ${kinds.at(-1) ?? ''}`), why);
    }
    const both = heldBy(state, 'claim-branch', 'look');
    must('21 told', both.includes('no look'), both);
  }),
  check('asBuilt keeps who built it and the signature', () => {
    const { state } = new Scene(AUTO).untilEffect('verify-change').world;
    const change = omit(present(state.change, 'change'), 'author', 'signature');
    const plain = effectOf({ ...state, change }) ?? {};
    must('21 told', !('author' in plain) && !('signature' in plain), 'it was signed by no one');
    const author = { name: 'Ann', email: 'ann@example.com' };
    const built = effectOf({ ...state, change: { ...change, author, signature: 'signed' } }) ?? {};
    mustBe('21 told', 'author' in built && built.author, author);
    mustBe('21 told', 'signature' in built && built.signature, 'signed');
  }),
];

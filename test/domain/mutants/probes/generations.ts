/** Generations: how an ended issue restarts, what remains of the one before, and how a void approval is explained. */
import { begin } from '../../../../src/domain/begin.ts';
import { boundTo } from '../../../../src/domain/bound-to.ts';
import { changedParts } from '../../../../src/domain/bound.ts';
import { voidedBy } from '../../../../src/domain/gate.ts';
import { beginsAgain, type IssueAct } from '../../../../src/domain/generation.ts';
import { projectedLabels, projection } from '../../../../src/domain/projection.ts';
import { auditAnchorIn, endedLifeIn } from '../../../../src/domain/snapshot.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { issueOf, ISSUE, START_AT } from '../../life/fixtures.ts';
import { must } from '../../life/invariants.ts';
import { AUTO, check, type Probe, probe, Scene } from '../scene.ts';

const act = (
  id: number,
  type: 'User' | 'Bot' | 'other' = 'User',
  kind: IssueAct['kind'] = 'reopened',
): IssueAct => ({
  id,
  kind,
  by: { login: 'ann', type },
  at: 0,
});

const commentOf = (state: IssueState): string => projection(state).comment;

function ended(end: 'cancelled' | 'release-verified', actsReadTo: number): IssueState {
  const life = new Scene(AUTO).until('merge');
  if (end === 'cancelled') life.decide('ann', { kind: 'cancel' }).flow();
  else life.approve().flow();
  return { ...life.world.state, actsReadTo };
}

export const GENERATION_PROBES: readonly Probe[] = [
  check('an ended issue begins again', () => {
    const life = { generation: 3, actsReadTo: 40 };
    const again = (...acts: readonly IssueAct[]): number | undefined => beginsAgain(life, acts)?.id;
    must(
      '20 generation',
      again(act(39), act(40)) === undefined,
      'an act that the last life knew restarts it',
    );
    must('21 heard', again(act(40), act(41), act(42)) === 42, 'no one can restart it');
    must('21 heard', again(act(41, 'User', 'opted-in')) === 41, 'a new opt-in does not restart it');
    must('20 generation', again() === undefined, 'it restarts without an act');
    for (const type of ['Bot', 'other'] as const)
      must('9 persons only', again(act(41, type)) === undefined, `a ${type} restarts it`);
  }),
  probe('an issue knows the latest act of its opt-in', AUTO, life => {
    life
      .github({ issue: issueOf({ lastAct: 40 }) })
      .poked()
      .flow();
    life
      .github({ issue: issueOf({ lastAct: 39 }) })
      .poked()
      .flow();
    const { actsReadTo } = life.world.state;
    must('20 generation', actsReadTo === 40, `acts are known up to ${actsReadTo}`);
  }),
  check('a snapshot names a life that has ended', () => {
    const [first, merged] = [ended('cancelled', 40), ended('release-verified', 41)];
    const next: IssueState = begin({ issue: ISSUE, at: START_AT, generation: 2 });
    const known = (...states: readonly IssueState[]): string =>
      JSON.stringify(endedLifeIn(states.map(commentOf)) ?? null);
    const isKnown = (holds: boolean, what: string): void => must('20 generation', holds, what);
    for (const [state, actsReadTo] of [
      [first, 40],
      [merged, 41],
    ] as const)
      isKnown(
        known(state) === JSON.stringify({ generation: 1, actsReadTo }),
        `the snapshot says ${known(state)}`,
      );
    isKnown(projection(next).marker !== projection(first).marker, 'two generations share a status comment');
    isKnown(known(next, first) === 'null', 'a live generation counts as ended');
    isKnown(known(first, next) === 'null', 'a live generation counts as ended');
    const last = { ...first, generation: 3, actsReadTo: 50 };
    for (const states of [
      [first, last],
      [last, first],
    ])
      isKnown(known(...states).includes('"generation":3'), 'an older life is read');
  }),
  check('the end of the audit is in the snapshot of an ended life, and in no other', () => {
    const end = ended('cancelled', 40);
    const anchor = auditAnchorIn(commentOf(end));
    const isEnd = anchor?.records === end.audit.nextSeq - 1 && anchor.head === end.audit.head;
    must('16 audit', isEnd, `the snapshot names ${JSON.stringify(anchor)}`);
    const live = commentOf(new Scene(AUTO).until('merge').world.state);
    must('16 audit', auditAnchorIn(live) === undefined, 'a life that goes on has an end of its audit');
    for (const broken of [
      '"audit":null',
      '"audit":7',
      '"audit":{"records":-1,"head":"x"}',
      '"audit":{"records":1}',
    ]) {
      const text = commentOf(end).replace(/"audit":\{[^}]*\}/, broken);
      must('16 audit', auditAnchorIn(text) === undefined, `an end is read from ${broken}`);
    }
    must('16 audit', auditAnchorIn('no snapshot') === undefined, 'an end is read from any text');
  }),
  check('text that is not a snapshot names no life', () => {
    const line = commentOf(ended('cancelled', 40)).split('\n').at(-1) ?? '';
    const none = [
      `> ${line}`,
      `${line} and more`,
      line.replace('"generation":1', '"generation":"1"'),
      line.replace('"generation":1', '"generation":-1'),
      line.replace('"actsReadTo":40', '"actsReadTo":4e99'),
    ];
    for (const text of none)
      must('20 generation', endedLifeIn([text]) === undefined, `a life is read from ${text}`);
    const forged = `${line.replace('"generation":1', '"generation":9')}\n${line}`;
    must('20 generation', endedLifeIn([forged])?.generation === 1, 'a line above ours is read');
  }),
  probe('decisions are meant for another generation', { ...AUTO, generation: 2 }, life => {
    life.until('merge').decide('ann', { kind: 'pause', generation: 1 });
    life.decide('ann', { kind: 'cancel', generation: 3 }).decide('ann', { kind: 'pause', generation: 2 });
    life.flow();
  }),
  check('labels of others remain', () => {
    const ours = ['ai:risk-high', 'ai:gate-start', 'ai:paused'];
    const kept = projectedLabels(['ai', 'bug', 'ai:go', ...ours]);
    must('23 theirs', kept.join() === ours.join(), `${kept.join()} are taken for ours`);
  }),
  probe('it is transferred and returns before the end', AUTO, life => {
    life.untilEffect('run-agent');
    life.event({ type: 'observed', observation: { facets: ['issue'], issue: { gone: 'transferred' } } });
    life.act('the effect ends as cancelled');
    life.event({ type: 'observed', observation: { facets: ['issue'], issue: issueOf() } }).flow();
  }),
  ...(['GitHubForbidden', 'BranchTaken'] as const).map(failure =>
    probe(`a claim is made and fails as ${failure}, and it is cancelled`, AUTO, life => {
      const { effect } = life.untilEffect('claim-branch');
      if (failure === 'GitHubForbidden') life.act('the effect is done');
      else if ('branch' in effect) life.github({ branch: { name: effect.branch, head: 'theirs' } });
      life.fail(failure).decide('ann', { kind: 'cancel' }).flow();
      const isLeft = life.world.github.branch !== undefined;
      must('5 freed', failure === 'BranchTaken' || !isLeft, 'our branch is not deleted');
      must('23 theirs', failure !== 'BranchTaken' || isLeft, 'the branch of someone else is deleted');
    }),
  ),
  check('changed parts are named', () => {
    const { state } = new Scene(AUTO).until('merge').approve().world;
    must('7 told', voidedBy(state, 'merge') === undefined, 'a valid approval counts as void');
    const [before, now] = [boundTo(state, 'merge'), boundTo(state, 'start')];
    const gone = changedParts(before, now).join();
    must('7 told', /^the base commit \(there is none now\),/.test(gone), gone);
    must('7 told', changedParts(now, before)[0] === 'the base commit', 'a new part counts as known before');
  }),
  check('an older digest is refused with the reason', () => {
    const life = new Scene({}).until('start');
    const { digest } = life;
    const why = (): string => life.world.state.refusedDecision?.why ?? '';
    life.told('the issue is edited', 1).flow().decide('ann', { kind: 'approve', digest });
    must('7 told', why().includes('is no longer valid; changed: the issue text;'), why());
    life.approve().until('merge').decide('ann', { kind: 'approve', digest });
    must('7 told', why().includes('belongs to the start gate'), why());
  }),
  check('the next attempt gets lessons', () => {
    const life = new Scene({ ...AUTO, run: { ending: 'crashed' } }).untilEffect('run-agent');
    life.act('the effect answers').untilEffect('run-agent').run({ ending: 'patch' });
    life.until('merge').decide('ann', { kind: 'reject', reason: 'not so' }).decide('ann', { kind: 'retry' });
    const { sent } = life.untilEffect('run-agent').world.state;
    const lessons = sent?.kind === 'run-agent' ? sent.lessons.join('\n') : '';
    must('21 heard', lessons.includes('not so'), 'the reason of the rejection is no lesson');
    must('21 heard', lessons.includes('attempt 1: crashed'), 'the ending of the first attempt is no lesson');
    must('8 same text', !lessons.includes('attempt 3'), 'the attempt is its own lesson');
  }),
  probe('the approved facts change', { publish: 'always' }, life => {
    life.until('start').approve().decide('ann', { kind: 'set-mode', mode: 'spike' }).flow();
    life.decide('ann', { kind: 'set-mode', mode: 'guarded' }).until('publish');
    life.approve().decide('ann', { kind: 'pause' }).told('the issue is edited', 1);
    life.act('the answers come').decide('ann', { kind: 'resume' }).until();
  }),
];

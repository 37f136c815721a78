/** What is verified ahead of the turn, on the tree that those before it will make. */
import { inLine, IN_LINE, mergedIn, turn, waitsFor } from '../line-scene.ts';
import type { Event, EventBody } from '../../../../src/domain/event.ts';
import { withoutAhead } from '../../../../src/domain/evolve/ahead.ts';
import { kindEndedBy } from '../../../../src/domain/evolve/facts.ts';
import type { LineEventBody } from '../../../../src/domain/line/event.ts';
import { evolveLine } from '../../../../src/domain/line/evolve.ts';
import { readAhead, readJoin } from '../../../../src/domain/line/message.ts';
import { nextLineStep } from '../../../../src/domain/line/next-step.ts';
import { beginLine, type JoinRequest, type LineState } from '../../../../src/domain/line/state.ts';
import { isOnItsWay } from '../../../../src/domain/merge-place.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import type { ChangeBefore } from '../../../../src/domain/state/ahead.ts';
import type { Effect } from '../../../../src/domain/step.ts';
import { CONFLICTS } from '../../life/ahead.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { check, probe, type Probe, Scene } from '../scene.ts';

const AHEAD = { ...IN_LINE, line: { ahead: 2 } } as const;
/** Its merge makes the branch that the scenes move to. */
const FIRST: ChangeBefore = { issue: 7, head: 'base-2' };
const OTHER: ChangeBefore = { issue: 8, head: 'other' };
const NOT_MERGEABLE: ChangeBefore = { issue: 9, head: CONFLICTS };

/** The line says who is before it. */
function behind(life: Scene, ...before: readonly ChangeBefore[]): Scene {
  const { id = '' } = life.world.state.mergePlace ?? {};
  return life.event({ type: 'ahead-given', id, before });
}

const waiting = (life: Scene, ...before: readonly ChangeBefore[]): Scene => behind(inLine(life), ...before);
const sent = ({ world }: Scene): Effect['kind'] | undefined => world.state.sent?.kind;
const events = (life: Scene, type: EventBody['type']): readonly Event[] =>
  life.guard.events.filter(event => event.type === type);
const verified = (life: Scene): readonly number[] =>
  (['ahead-verified', 'candidate-verified'] as const).map(type => events(life, type).length);

function mustVerify(life: Scene, ahead: number, inTurn: number): void {
  const [before, after] = verified(life);
  must('21 in vain', before === ahead && after === inTurn, `verified ${before} and ${after} times`);
}

/** What was verified ahead, or not, does not matter for the merge. */
function merges(life: Scene): void {
  life.github({ base: 'base-2' });
  turn(life).flow();
  must('29 in turn', mergedIn(life) === 'base-2', 'it is not merged on the present branch');
  must('27 place', life.world.state.mergePlaces === 1, 'it lost its place');
}

export const AHEAD_PROBES: readonly Probe[] = [
  probe('verified ahead, it is merged without another verification', AHEAD, life => {
    waiting(life, FIRST).flow();
    must('29 in turn', waitsFor(life) === 'turn', `it is ${waitsFor(life)}`);
    mustVerify(life, 1, 0);
    merges(life);
    mustVerify(life, 1, 0);
    const isRecorded = life.guard.records.some(({ cause }) => cause.endsWith('; verified ahead'));
    must('16 audit', isRecorded, 'the record does not say that it was verified ahead');
  }),
  probe('another tree than the expected one is verified in its turn', AHEAD, life => {
    waiting(life, OTHER).flow();
    merges(life);
    mustVerify(life, 1, 1);
    const isRecorded = life.guard.records.some(({ cause }) => cause.endsWith('; verified ahead'));
    must('16 audit', !isRecorded, 'the record says that it was verified ahead');
  }),
  probe('another policy needs another verification', AHEAD, life => {
    waiting(life, FIRST).flow();
    life.act('the policy is edited', 1).github({ base: 'base-2' });
    turn(life).flow();
    life.approve().flow();
    must('29 merged', verified(life)[1] === 1 || life.world.state.merge === undefined, 'an old one counts');
  }),
  probe('nobody before it, or too many: nothing is verified ahead', AHEAD, life => {
    waiting(life).flow();
    behind(life, FIRST, OTHER, NOT_MERGEABLE).flow();
    mustVerify(life, 0, 0);
    merges(life);
  }),
  probe('the policy does not ask for it', IN_LINE, life => {
    waiting(life, FIRST).flow();
    mustVerify(life, 0, 0);
    merges(life);
  }),
  probe('a head that must be up to date is not verified ahead', { ...AHEAD, upToDate: 'head' }, life => {
    waiting(life, FIRST).flow();
    mustVerify(life, 0, 0);
  }),
  probe('a conflict ahead is silent', AHEAD, life => {
    waiting(life, NOT_MERGEABLE).flow();
    must('29 in turn', waitsFor(life) === 'turn', `it is ${waitsFor(life)}`);
    mustVerify(life, 0, 0);
    behind(life, FIRST).flow();
    mustVerify(life, 1, 0);
    merges(life);
  }),
  probe('a failure ahead is silent, and its turn decides', AHEAD, life => {
    waiting(life.github({ below: { fails: true } }), FIRST).flow();
    must('29 in turn', waitsFor(life) === 'turn', `it is ${waitsFor(life)}`);
    life.github({ below: {} });
    merges(life);
    mustVerify(life, 1, 1);
  }),
  ...(['build-ahead', 'verify-ahead'] as const).flatMap(kind =>
    (['the effect fails for good', 'the host is lost', 'the effect keeps failing'] as const).map(act =>
      probe(`${kind}: ${act}`, AHEAD, life => {
        waiting(life, FIRST).untilEffect(kind).act(act, 1).flow();
        const { blocked, delays } = life.world.state;
        must('29 in turn', blocked === undefined && delays === undefined, 'a failure ahead holds it');
        must('29 in turn', waitsFor(life) === 'turn', `it is ${waitsFor(life)}`);
        merges(life);
      }),
    ),
  ),
  probe('another order before it cancels what is verified', AHEAD, life => {
    waiting(life, OTHER).untilEffect('verify-ahead');
    behind(life, FIRST);
    must('21 in vain', life.world.effect?.cancelled === true, 'it goes on with the old order');
    life.flow();
    merges(life);
    must('21 in vain', verified(life)[1] === 0, 'the new order was not verified');
  }),
  probe('it is not near any more', AHEAD, life => {
    waiting(life, OTHER).untilEffect('verify-ahead');
    behind(life);
    must('21 in vain', life.world.effect?.cancelled === true, 'it goes on');
    life.flow();
    must('21 in vain', life.world.state.ahead === undefined, 'it is kept');
  }),
  probe('the first before it is merged while it is verified', AHEAD, life => {
    waiting(life, OTHER, FIRST).untilEffect('verify-ahead');
    behind(life, FIRST);
    must('21 in vain', life.world.effect?.cancelled === false, 'the verification is cancelled');
    life.flow();
    mustVerify(life, 1, 0);
    must('29 in turn', events(life, 'ahead-built').length === 2, 'it was not built again');
    merges(life);
    mustVerify(life, 1, 0);
  }),
  probe('its turn comes while it is verified', AHEAD, life => {
    waiting(life, FIRST).untilEffect('verify-ahead');
    turn(life.github({ base: 'base-2' }));
    must('21 in vain', life.world.effect?.cancelled === false, 'the verification is cancelled');
    life.flow();
    mustVerify(life, 1, 0);
    must('29 in turn', mergedIn(life) === 'base-2', 'it is not merged');
  }),
  probe('its turn comes while it is built', AHEAD, life => {
    waiting(life, FIRST).untilEffect('build-ahead');
    turn(life.github({ base: 'base-2' }));
    must('29 in turn', life.world.effect?.cancelled === true, 'it is built although it has the turn');
    life.flow();
    mustVerify(life, 0, 1);
  }),
  probe('told the same again, or for another place, or in its turn', AHEAD, life => {
    waiting(life, FIRST).untilEffect('verify-ahead');
    behind(life, FIRST).event({ type: 'ahead-given', id: 'strange', before: [OTHER] });
    must('21 in vain', sent(life) === 'verify-ahead', 'it is built again');
    must('21 in vain', life.world.effect?.cancelled === false, 'it is cancelled');
    turn(life);
    behind(life, OTHER);
    must('21 in vain', life.world.effect?.cancelled === false, 'it is cancelled in its turn');
    life.github({ base: 'base-2' }).flow();
    must('29 in turn', mergedIn(life) === 'base-2', 'it is not merged');
  }),
  probe('the order comes before the answer to the request', AHEAD, life => {
    life.until('merge').approve().untilEffect('join-line').act('the effect is done');
    life.event({ type: 'ahead-given', id: '1.1', before: [FIRST] }).flow();
    mustVerify(life, 1, 0);
    merges(life);
    mustVerify(life, 1, 0);
  }),
  probe('the line is not asked again while it is verified', AHEAD, life => {
    waiting(life, FIRST).untilEffect('verify-ahead');
    life.world.now += 11 * 60_000;
    life.event({ type: 'poked', facets: ['comments'] });
    must('21 in vain', life.world.effect?.cancelled === false, 'the line is asked, and it is cancelled');
    life.flow();
  }),
  probe('a paused issue forgets it', AHEAD, life => {
    waiting(life, FIRST).flow().decide('ann', { kind: 'pause', reason: 'later' }).flow();
    must('27 place', life.world.state.ahead === undefined, 'it is kept');
  }),
  probe('its place is kept while it is verified', AHEAD, life => {
    waiting(life, FIRST).untilEffect('verify-ahead');
    must('27 place', isOnItsWay(life.world.state, nextStep(life.world.state)), 'it leaves the line');
    must('27 place', kindEndedBy({ type: 'ahead-given', id: '1', before: [] }) === undefined, 'it ends one');
  }),
];

const request = (issue: number, change: Partial<JoinRequest> = {}): LineEventBody => ({
  type: 'joined',
  request: {
    ...{ id: `1.${issue}`, issue, target: 'main', head: `head-${issue}` },
    approvedAt: issue,
    ...change,
  },
});
const told = (issue: number): LineEventBody => ({ type: 'told', issue, id: `1.${issue}` });
const before = (...issues: readonly number[]): readonly ChangeBefore[] =>
  issues.map(issue => ({ issue, head: `head-${issue}` }));
const toldAhead = (issue: number, id: string, ...issues: readonly number[]): LineEventBody => ({
  ...{ type: 'told-ahead', issue, id, before: before(...issues) },
});

/** Who is told which issues are before it; none, if nobody is. */
function tells(...all: readonly LineEventBody[]): readonly number[] {
  const line = beginLine({ owner: 'acme', repo: 'shop' }, 0);
  const step = nextLineStep(
    all.reduce<LineState>((state, event) => evolveLine(state, { ...event, at: 1 }), line),
  );
  return step.kind === 'tell-ahead' ? [step.issue, ...step.before.map(({ issue }) => issue)] : [];
}

export const LINE_AHEAD_PROBES: readonly Probe[] = [
  check('the line: who is told what is before it', () => {
    const near = { ahead: 1 };
    const two = [request(1, near), request(2, near), told(1)];
    mustBe('29 in turn', tells(...two), [2, 1]);
    mustBe('29 in turn', tells(request(1), request(2), told(1)), []);
    mustBe('29 in turn', tells(request(1), request(2, near), request(3, { ...near, target: 'next' })), []);
    mustBe('29 in turn', tells(...two, request(3, near), toldAhead(2, '1.2', 1)), []);
    mustBe('29 in turn', tells(...two, request(3, { ahead: 2 }), toldAhead(2, '1.2', 1)), [3, 1, 2]);
    mustBe('29 in turn', tells(...two, toldAhead(3, '1.2', 1)), [2, 1]);
    mustBe('29 in turn', tells(...two, toldAhead(2, '1.3', 1)), [2, 1]);
    mustBe('29 in turn', tells(...two, toldAhead(2, '1.2', 7)), [2, 1]);
    mustBe('29 in turn', tells(...two, toldAhead(2, '1.2', 1), request(2, near)), []);
    mustBe(
      '29 in turn',
      tells(request(1), request(3, near), told(1), toldAhead(3, '1.3', 1), request(2)),
      [3],
    );
  }),
  check('the line: what is no order is dropped', () => {
    const one = { issue: 1, head: 'h' };
    mustBe('29 in turn', readAhead({ id: 'a', before: [one, one, one] }), {
      id: 'a',
      before: [one, one, one],
    });
    mustBe('29 in turn', readAhead({ id: 'a', before: [one, one, one, one] }), undefined);
    mustBe('29 in turn', readAhead({ id: 'a', before: [one, { issue: 0, head: 'h' }] }), undefined);
    mustBe('29 in turn', readAhead({ id: 'a', before: [{ issue: 1, head: '' }] }), undefined);
    mustBe('29 in turn', readAhead({ id: '', before: [one] }), undefined);
    mustBe('29 in turn', readAhead({ id: 'a' }), undefined);
    const asked = { id: 'a', issue: 1, target: 'main', head: 'h', approvedAt: 1 };
    mustBe('29 in turn', readJoin({ ...asked, ahead: 9 }), {
      type: 'joined',
      request: { ...asked, ahead: 3 },
    });
    mustBe('29 in turn', readJoin({ ...asked, ahead: 'x' }), { type: 'joined', request: asked });
  }),
  check('withoutAhead: what failed is over, and nothing else begins', () => {
    const { state } = new Scene(IN_LINE).world;
    const given = { ...state, ahead: { id: 'x', before: [FIRST] } };
    const over = [state, given].map(from => withoutAhead(from).state.ahead?.isOver);
    mustBe('21 in vain', [...over, withoutAhead(state).state.ahead], [undefined, true, undefined]);
  }),
];

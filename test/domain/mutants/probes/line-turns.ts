/** The place of an issue in the line of merges: who joins, waits, is told, uses the turn and leaves. */
import { explainsWait, inLine, IN_LINE, mergedIn, turn, waitsFor } from '../line-scene.ts';
import { stageOf } from '../../../../src/domain/facts.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import { isLasting, nextUpkeep, upkeepDueAt } from '../../../../src/domain/upkeep.ts';
import { statusText } from '../../../../src/domain/status-comment.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { approve } from '../../life/people.ts';
import { must } from '../../life/invariants.ts';
import { after, AUTO, probe, type Probe, type Setting } from '../scene.ts';

const MINUTE_MS = 60_000;
const HIGH = { run: { path: 'infra/main.tf' } } as const;

const WITHOUT: Readonly<Record<string, Setting>> = {
  'the policy has none': { ...IN_LINE, line: false },
  'people merge': { ...IN_LINE, mergeBy: 'person' },
  'the branch may move': { ...IN_LINE, upToDate: false },
  'the scheduler keeps none': AUTO,
};

export const LINE_TURN_PROBES: readonly Probe[] = [
  probe('an approved change waits for its turn and is merged in it', IN_LINE, life => {
    inLine(life);
    must('29 in turn', waitsFor(life) === 'turn', `it waits for ${waitsFor(life)}`);
    life.github({ base: 'base-2' });
    turn(life).flow();
    must('29 in turn', mergedIn(life) === 'base-2', 'it is not merged on the present branch');
    must('27 place', life.world.state.mergePlaces === 1, 'it had several places');
  }),
  probe('a turn at once', { ...IN_LINE, github: { line: 'free' } }, life => {
    life.until('merge').github({ base: 'base-2' }).approve().flow();
    must('29 in turn', mergedIn(life) === 'base-2', 'it is not merged at once');
  }),
  ...Object.entries(WITHOUT).map(([name, setting]) =>
    probe(`no line: ${name}`, setting, life => {
      life.until('merge').approve().flow();
      must('21 in vain', life.world.state.mergePlaces === undefined, 'it joined a line');
    }),
  ),
  probe('the line is asked again with the same place', IN_LINE, life => {
    const { id, joinedAt = 0 } = inLine(life).world.state.mergePlace ?? {};
    life.act('the line is terminated');
    while (life.world.now < joinedAt + 11 * MINUTE_MS) life.act('the wait is over').flow();
    must('27 place', life.world.github.place === id, 'the line was not asked again');
    must('27 place', life.world.state.mergePlace?.joinedAt === joinedAt, 'it begins at the end again');
    const records = life.world.state.audit.records.filter(({ cause }) => cause.startsWith('joined the line'));
    must('16 audit', records.length === 1, 'asking again is recorded');
  }),
  probe('who cannot be merged leaves at once', IN_LINE, life => {
    inLine(life).decide('ann', { kind: 'pause', reason: 'later' }).flow();
    must('27 place', life.world.github.place === undefined, 'a paused issue keeps its place');
    must(
      '16 audit',
      life.world.state.audit.records.some(({ cause }) => cause.startsWith('left the line')),
      'left without a record',
    );
    life.decide('ann', { kind: 'resume' }).flow();
    must('27 place', life.world.state.mergePlace?.id === '1.2', 'it takes its old place');
    turn(life).flow();
    must('29 in turn', life.world.state.merge !== undefined, 'it is not merged');
  }),
  probe('who ends leaves, also with a turn that was not its own', IN_LINE, life => {
    inLine(life).decide('ann', { kind: 'cancel' }).flow();
    must('27 place', life.world.github.place === undefined, 'a cancelled issue keeps its place');
  }),
  probe('a strange turn is given back', IN_LINE, life => {
    inLine(life).event({ type: 'turn-given', id: 'strange' });
    must('27 place', life.world.upkeep?.upkeep.kind === 'leave-line', 'nothing is given back');
    life.event({ type: 'turn-given', id: 'strange' }).event({ type: 'turn-given', id: 'other' }).flow();
    must('29 in turn', waitsFor(life) === 'turn', 'it uses the turn of another place');
    must('27 place', life.world.state.mergePlace !== undefined, 'its own place is given up');
  }),
  probe('a turn comes before the answer to the request', IN_LINE, life => {
    life.until('merge').approve().untilEffect('join-line').act('the effect is done');
    life.event({ type: 'turn-given', id: '1.1' }).event({ type: 'turn-given', id: 'strange' });
    must('27 place', life.world.state.strayPlaces?.includes('1.1') === true, 'its turn is given back');
    life.flow();
    must('27 place', life.world.state.mergePlaces === 1, 'it joined twice');
    must('29 in turn', life.world.state.merge !== undefined, 'its turn is lost');
    const isRecorded = life.guard.records.some(({ cause }) => cause.startsWith('its turn'));
    must('16 audit', isRecorded, 'its turn has no record');
  }),
  probe('an ended issue gives a late turn back', IN_LINE, life => {
    inLine(life);
    turn(life).flow();
    must('6 stage', stageOf(life.world.state) === 'release-verified', 'it has not ended');
    const late = after(life.world.state, { type: 'turn-given', id: 'late' });
    must('27 place', nextUpkeep(late)?.kind === 'leave-line', 'a turn after the end is kept');
    const done = after(late, { type: 'line-left', ids: ['late'] });
    must('27 place', nextUpkeep(done) === undefined && done.strayPlaces === undefined, 'it never ends');
  }),
  probe('a second turn of the same place begins nothing anew', IN_LINE, life => {
    inLine(life);
    turn(life);
    const { turnAt } = life.world.state.mergePlace ?? {};
    life.event({ type: 'turn-given', id: '1.1' });
    must('27 place', life.world.state.mergePlace?.turnAt === turnAt, 'the turn begins again');
    life.flow();
  }),
  probe('without an approval the gate shows the change as it is', IN_LINE, life => {
    life.until('merge').github({ base: 'base-2' });
    life.decide('ann', { kind: 'escalate', to: 'lead', reason: 'so' }).flow();
    life.decide('ann', { kind: 'retry', reason: 'so' }).flow();
    must('29 in turn', life.world.state.candidate === undefined, 'a merge is verified before its approval');
    must('21 in vain', life.world.state.repository?.head === 'base-2', 'the branch was not read');
    life.approve().flow();
    turn(life).flow();
    must('29 in turn', mergedIn(life) === 'base-2', 'it is not merged');
  }),
  probe(
    'at a risk that is not carried over, people see what a merge makes',
    { ...IN_LINE, ...HIGH },
    life => {
      life.until('merge').github({ base: 'base-2' });
      life.decide('ann', { kind: 'escalate', to: 'lead', reason: 'so' }).flow();
      life.decide('ann', { kind: 'retry', reason: 'so' }).flow();
      must('28 carried', life.world.state.candidate?.base === 'base-2', 'they are asked without it');
      life.approve().flow();
      turn(life).flow();
      must('29 in turn', mergedIn(life) === 'base-2', 'it is not merged');
    },
  ),
  probe('a change that fails in its turn lets the next one pass', IN_LINE, life => {
    inLine(life).github({ base: 'base-2', below: { fails: true } });
    turn(life).flow();
    must('27 place', life.world.github.place === undefined, 'a held change keeps the turn');
    life.approve().flow();
    life.github({ base: 'base-3' });
    turn(life).flow();
    must('29 in turn', mergedIn(life) === 'base-3', 'the approved concern is asked for again');
  }),
  probe('a head that must be up to date keeps its turn', { ...IN_LINE, upToDate: 'head' }, life => {
    inLine(life).github({ base: 'base-2' });
    turn(life).flow();
    must('29 in turn', life.world.state.change?.base === 'base-2', 'it was not built again');
    must(
      '27 place',
      life.world.state.merge !== undefined && life.world.state.mergePlaces === 1,
      'it lost its turn',
    );
  }),
  probe('what keeps failing in its turn leaves, and people are told until it succeeds', IN_LINE, life => {
    inLine(life);
    turn(life).untilEffect('merge').act('the effect keeps failing', 1).flow();
    must('27 place', life.world.github.place === undefined, 'a delayed change keeps its turn');
    const since = life.world.state.held?.since;
    life.act('the wait is over').flow();
    must(
      '21 delayed',
      waitsFor(life) === 'turn' && life.world.state.held?.since === since,
      'its hold begins again',
    );
    turn(life).flow();
    must(
      '21 delayed',
      life.world.state.delays === undefined && life.world.state.merge !== undefined,
      'not merged',
    );
  }),
  probe('a limit of GitHub keeps it out of the line', IN_LINE, life => {
    inLine(life);
    turn(life).untilEffect('merge').act('the effect keeps failing', 3).flow();
    must('27 place', life.world.state.mergePlace === undefined, 'it joins before the limit ends');
    life.act('the wait is over').flow();
    turn(life).flow();
    must('21 delayed', life.world.state.merge !== undefined, 'it is not merged');
  }),
  probe('joining keeps failing, and looks do', IN_LINE, life => {
    life.until('merge').approve().untilEffect('join-line').act('the effect keeps failing', 1).flow();
    must('21 delayed', nextStep(life.world.state).kind === 'hold', 'nobody is told');
    life.act('the wait is over').flow();
    must('27 place', life.world.state.mergePlace !== undefined, 'it does not join');
  }),
  probe('a wait is shown after half a minute, with its words', IN_LINE, life => {
    inLine(life);
    const { state } = life.world;
    must('21 quiet', !isLasting(state, nextStep(state)), 'a turn that is near is shown');
    must('21 quiet', nextUpkeep(state) === undefined && upkeepDueAt(state) === undefined, 'it is projected');
    life.act('the wait is over');
    must('21 shown', life.world.upkeep?.upkeep.kind === 'project', 'the wait is not shown');
    explainsWait(statusText(life.world.state, nextStep(life.world.state)));
    must('21 shown', viewOf(life.world.state).line?.target === 'main', 'the view has no line');
    must('21 shown', viewOf(life.world.state).line?.turnSince === undefined, 'the view has a turn');
    turn(life);
    must('21 shown', viewOf(life.world.state).line?.turnSince !== undefined, 'the view has no turn');
    life.flow();
    must('21 shown', viewOf(life.world.state).line === undefined, 'the view keeps the line');
  }),
  probe('the order is that of the approvals', IN_LINE, life => {
    life.until('merge').do(world => approve(world));
    life.untilEffect('join-line');
    const { approvals } = life.world.state;
    const { effect } = life;
    const isIt = effect.kind === 'join-line' && effect.approvedAt === approvals.at(-1)?.at;
    must('29 in turn', isIt, 'it joins at another time');
  }),
];

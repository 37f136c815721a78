/** What keeps failing: when it is tried again, what else may go on, and what people are told. */
import { delayLine, LONGEST_PAUSE_MS, nextTryLine } from '../../../../src/domain/delay.ts';
import { nextStep } from '../../../../src/domain/next-step.ts';
import { searchFacts } from '../../../../src/domain/projection.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import type { Delay } from '../../../../src/domain/state/delays.ts';
import type { Effect, Upkeep } from '../../../../src/domain/step.ts';
import { isOwed, nextUpkeep, upkeepDueAt } from '../../../../src/domain/upkeep.ts';
import { viewOf } from '../../../../src/domain/view.ts';
import { must as is } from '../../life/invariants.ts';
import { after, AUTO, check, present, type Probe, probe, type Scene, Scene as Life } from '../scene.ts';

const MINUTE_MS = 60_000;
const LIMIT = 3;
const NO_LIMIT = 1;
const DEPLOYED = { ...AUTO, verify: 'deployment', soakMs: 60_000 } as const;

const fails = (life: Scene, n = NO_LIMIT): Scene => life.act('the effect keeps failing', n);
const during = (kind: Effect['kind']): Scene => new Life(AUTO).untilEffect(kind);
const failed = (kind: Effect['kind'], limitMs?: number): IssueState => {
  const { state } = during(kind).world;
  const { sent } = state;
  if (sent === undefined) throw new Error('nothing is in flight');
  const limit = limitMs === undefined ? {} : { limitEnds: state.at + limitMs };
  return after(state, { type: 'step-delayed', effect: sent, since: state.at, reason: 'broken', ...limit });
};
const upkeepFailed = (state: IssueState, upkeep: Upkeep['kind']): IssueState =>
  after(state, { type: 'upkeep-delayed', upkeep, since: state.at, reason: 'broken' });
const first = ({ delays = [] }: IssueState): Delay => present(delays[0], 'delay');
const heldSince = ({ held }: IssueState): number => present(held, 'hold').since;
const stepIs = (state: IssueState, kind: string): boolean => {
  const step = nextStep(state);
  return step.kind === 'hold' ? step.hold.kind === kind : step.kind === kind;
};

/** Each keeps failing, and then succeeds. */
const EFFECTS: readonly Effect['kind'][] = [
  'read-policy',
  'claim-branch',
  'build-change',
  'assemble-evidence',
  'push-commit',
  'open-pull-request',
];

export const DELAY_PROBES: readonly Probe[] = [
  ...EFFECTS.flatMap(kind =>
    [NO_LIMIT, LIMIT].map(n =>
      probe(`${kind} keeps failing (${n})`, AUTO, life => {
        fails(life.untilEffect(kind), n).flow().act('the wait is over').flow();
      }),
    ),
  ),
  probe('a merge that was made keeps failing', AUTO, life => {
    life.until('merge').approve().untilEffect('merge').act('the effect is done');
    fails(life, 2).flow().act('the wait is over').flow();
  }),
  probe('news comes while an effect is delayed', AUTO, life => {
    fails(life.untilEffect('claim-branch')).flow().poked().flow();
    life.act('the wait is over').poked().flow();
  }),
  probe('a delayed effect is no longer the step', AUTO, life => {
    fails(life.untilEffect('claim-branch')).flow().decide('ann', { kind: 'pause' }).flow();
    is('21 delayed', life.world.state.delays === undefined, 'it is waited for although it is paused');
    life.decide('ann', { kind: 'resume' }).flow();
  }),
  probe('a person has it tried at once', AUTO, life => {
    fails(life.untilEffect('claim-branch'), LIMIT).flow().decide('ann', { kind: 'retry' }).flow();
    is('21 delayed', life.world.state.delays === undefined, 'a person is not heard');
  }),
  probe('every upkeep keeps failing once', AUTO, life => {
    for (let round = 0; round < 12; round++)
      life.act('the upkeep keeps failing', round).act('the effect answers').act('the wait is over');
    life.until();
  }),
  probe('the wait for a deployment and a delay end at different times', DEPLOYED, life => {
    life.until().poked().act('the upkeep keeps failing', NO_LIMIT).act('the wait is over').flow();
    life.act('the wait is over').flow();
  }),
  check('pauses grow to the longest', () => {
    let state = failed('claim-branch');
    const pauses: number[] = [];
    for (let time = 0; time < 5; time++) {
      const delay = first(state);
      const pause = delay.until - state.at;
      pauses.push(pause);
      is('21 delayed', stepIs(state, 'delayed'), 'it is not told');
      const due = after(state, { type: 'timer' }, pause);
      is('21 delayed', due.delays?.length === 1, 'what is tried again is forgotten');
      const step = nextStep(due);
      if (step.kind !== 'effect') throw new Error(`it is not tried again: ${step.kind}`);
      is('16 audit', due.audit.nextSeq === state.audit.nextSeq, 'a timer of a delay is recorded');
      const started = after(due, { type: 'step-started', effect: step.effect });
      is('21 ladder', heldSince(started) === heldSince(state), 'a new try starts the ladder again');
      const facts = { since: started.at, reason: 'broken' };
      state = after(started, { type: 'step-delayed', effect: step.effect, ...facts });
      is('21 delayed', first(state).since === delay.since, 'it forgets since when it fails');
    }
    const minutes = [1, 2, 5, 15, 15].map(minute => minute * MINUTE_MS).join();
    is('21 delayed', pauses.join() === minutes, `pauses of ${pauses.join()}`);
    is('21 delayed', LONGEST_PAUSE_MS === 15 * MINUTE_MS, 'people are told another pause');
  }),
  check('a limit asks no one and stops every request to GitHub', () => {
    const state = failed('claim-branch', 40 * MINUTE_MS);
    const step = nextStep(state);
    is('21 named', step.kind === 'hold' && step.hold.who === 'no one', 'someone is asked');
    is('21 ladder', step.kind === 'hold' && step.until === first(state).until, 'it goes on another time');
    const poked = after(state, { type: 'poked', facets: ['issue'] });
    is('21 delayed', nextUpkeep(poked) === undefined, 'GitHub is asked before the time that it named');
    is('21 delayed', upkeepDueAt(poked) === first(state).until, 'it is read another time');
    const plain = after(failed('claim-branch'), { type: 'poked', facets: ['issue'] });
    is('21 delayed', nextUpkeep(plain)?.kind === 'look', 'the failure of one stops all others');
    const delay = first(state);
    is('21 shown', nextTryLine(delay).endsWith(' UTC'), 'the time is not said');
    is('21 shown', delayLine(delay).includes('claim-branch'), 'what fails is not said');
  }),
  check('a limit of the model provider waits for the next attempt, and GitHub is read', () => {
    const { state } = during('run-agent').world;
    const { sent } = state;
    if (sent?.kind !== 'run-agent') throw new Error('no run');
    const usage = { inputTokens: 1, outputTokens: 1, costUsd: 0 };
    const ended = (part: object) =>
      after(state, {
        type: 'run-ended',
        runId: sent.runId,
        end: { ending: 'model-overloaded', endedAt: state.at, summary: 'slow down', usage, ...part },
      });
    const limited = ended({ retryAfterMs: MINUTE_MS });
    is('21 delayed', stepIs(limited, 'delayed'), 'the next attempt does not wait for the provider');
    is('21 delayed', stepIs(ended({}), 'effect'), 'the next attempt waits for no one');
    const poked = after(limited, { type: 'poked', facets: ['issue'] });
    is('21 delayed', nextUpkeep(poked)?.kind === 'look', 'GitHub is not read because of the provider');
    const due = after(limited, { type: 'timer' }, MINUTE_MS);
    const step = nextStep(due);
    if (step.kind !== 'effect') throw new Error('it never goes on');
    const started = after(due, { type: 'step-started', effect: step.effect });
    is('21 delayed', started.delays === undefined, 'a run in progress is called delayed');
    const asked = ended({ ending: 'model-refused', retryAfterMs: MINUTE_MS });
    const hold = nextStep(asked);
    const told = hold.kind === 'hold' && hold.hold.why.some(line => / accepts requests again at /.test(line));
    is('21 told', told, 'the time of the provider is not said');
  }),
  check('a look that keeps failing holds the issue until it has succeeded', () => {
    const { state } = during('run-agent').world;
    const poked = after(new Life(AUTO).until('merge').world.state, { type: 'poked', facets: ['issue'] });
    const delayed = upkeepFailed(poked, 'look');
    is('21 told', viewOf(delayed).delays?.length === 1, 'it is not in the view');
    is('21 delayed', nextUpkeep(delayed)?.kind !== 'look', 'it is tried at once');
    const observed = after(delayed, { type: 'observed', observation: { facets: ['issue'] } });
    is('21 delayed', observed.delays === undefined, 'a delay outlives its end');
    const running = upkeepFailed(after(state, { type: 'poked', facets: ['issue'] }), 'look');
    is('19 undisturbed', stepIs(running, 'effect'), 'a run is cancelled because GitHub fails');
  }),
  check('a comment that may have been written is written again, and an issue does not end without it', () => {
    const gate = new Life(AUTO).until('merge').flow().world.state;
    is('21 delayed', nextUpkeep(gate) === undefined, 'something is due');
    const delayed = upkeepFailed(gate, 'project');
    is('21 delayed', delayed.delays?.length === 1, 'what is owed is not waited for');
    is('21 delayed', isOwed(delayed, 'project', nextStep(delayed)), 'what is shown is taken for known');
    is('21 delayed', nextUpkeep(delayed) === undefined, 'it is written before its time');
    is('21 delayed', upkeepDueAt(delayed) === first(delayed).until, 'it is never written');
    is('21 shown', searchFacts(delayed).hold === 'gate:merge', 'a comment holds the work');
    const due = after(delayed, { type: 'timer' }, MINUTE_MS);
    is('21 delayed', nextUpkeep(due)?.kind === 'project', 'it is not tried again');
    is('21 ladder', due.held?.rung === 'fresh', 'the timer of a delay climbs the ladder');
  }),
];

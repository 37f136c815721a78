/** The ladder of a hold as durable timers: reminded, escalated, parked. A parked issue costs nothing and loses nothing. */
import { expect, test } from '@jest/globals';
import { until } from '../support/until.ts';
import { costsNothing, timersOpen } from './support/at-rest.ts';
import { type Life, policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

const LADDER = 'remindAfter: 200ms, escalateAfter: 400ms, parkAfter: 600ms';
const quick = policyWith({ escalation: `{ ${LADDER}, to: lead }` });

const climbs = async (life: Life): Promise<readonly string[]> =>
  (await life.records()).flatMap(({ cause }) => /^no one has acted on (.*)$/.exec(cause)?.[1] ?? []);

const parked = (life: Life) => life.when('is parked', ({ rung }) => rung === 'parked');

test('a gate is reminded, escalated to the person in the policy, then parked, with a look at GitHub on each rung', async () => {
  const life = await lives.begin({ policy: quick });
  expect((await life.atGate('start')).hold?.who).toBe('someone with the role write');
  const looksBefore = life.script.inputs['look']?.length ?? 0;
  const view = await parked(life);
  expect(view.hold).toMatchObject({ gate: 'start', who: 'lead' });
  expect(view.until).toBeNull();
  expect(await climbs(life)).toEqual(['gate:start: reminded', 'gate:start: escalated', 'gate:start: parked']);
  await life.when('was looked at', () => (life.script.inputs['look']?.length ?? 0) >= looksBefore + 3);
  // A parked issue is not lost: the same approval opens the gate.
  const approved = await life.to('merge');
  expect(approved.rung).not.toBe('parked');
});

test('the holds blocked and escalated climb like a gate', async () => {
  const blocked = await lives.begin({ policy: quick });
  await blocked.atGate('start');
  await blocked.decide({ kind: 'reject' });
  const escalated = await lives.begin({ policy: quick });
  await escalated.atGate('start');
  await escalated.decide({ kind: 'escalate', reason: 'look', to: 'carol' });
  expect((await parked(blocked)).hold).toMatchObject({ kind: 'blocked', who: 'lead' });
  expect((await parked(escalated)).hold).toMatchObject({ kind: 'escalated', who: 'lead' });
  expect((await climbs(blocked)).slice(-3)).toEqual([
    'blocked: reminded',
    'blocked: escalated',
    'blocked: parked',
  ]);
});

test('a pause does not climb: no timer runs', async () => {
  const life = await lives.begin({
    policy: policyWith({ escalation: `{ remindAfter: 1h, escalateAfter: 2h, parkAfter: 3h }` }),
  });
  await life.atGate('start');
  expect(timersOpen(await life.handle.fetchHistory())).toBe(1);
  await life.decide({ kind: 'pause' });
  expect((await life.held('paused')).until).toBeNull();
  expect(timersOpen(await life.handle.fetchHistory())).toBe(0);
  await life.decide({ kind: 'resume' });
  await life.atGate('start');
  expect(timersOpen(await life.handle.fetchHistory())).toBe(1);
  expect(await climbs(life)).toEqual([]);
});

test('a parked issue costs nothing: no timer, no activity, no new event', async () => {
  const life = await lives.begin({ policy: quick });
  await parked(life);
  const { temporal } = lives.stage();
  await until('it rests', async () => ((await costsNothing(temporal, life)) ? true : undefined));
  const before = await life.historyLength();
  // Meanwhile another issue runs from triage to its end.
  const lively = await lives.begin();
  await lively.toEnd();
  expect(await life.historyLength()).toBe(before);
  await life.poke();
  await until('a poke is handled', async () => ((await life.historyLength()) > before ? true : undefined));
});

test('a rung that became due while no worker ran is climbed when a worker starts', async () => {
  const life = await lives.begin({
    policy: policyWith({ escalation: '{ remindAfter: 1s, escalateAfter: 2s, parkAfter: 3s, to: lead }' }),
  });
  await life.atGate('start');
  await lives.stopWorkers();
  await until('the timer has fired', async () => {
    const { events } = await life.handle.fetchHistory();
    return events?.some(event => event.timerFiredEventAttributes != null) === true ? true : undefined;
  });
  await lives.startWorkers();
  expect((await parked(life)).hold?.who).toBe('lead');
  expect(await climbs(life)).toEqual(['gate:start: reminded', 'gate:start: escalated', 'gate:start: parked']);
});

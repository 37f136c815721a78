/**
 * The ladder with the policy's default durations, on Temporal's time-skipping test server; months of waiting add almost
 * nothing to a history. Without that server the tests are skipped, with the reason.
 */
import { describe, expect, test } from '@jest/globals';
import { timeSkippingServer } from '../support/time-skipping-server.ts';
import { until } from '../support/until.ts';
import { costsNothing } from './support/at-rest.ts';
import { type Life, policyWith } from './support/life.ts';
import { openTimedLives, type TimedLives } from './support/timed-lives.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const HALF_A_YEAR_MS = 182 * DAY_MS;
/** Three rungs, each with a timer, a look at GitHub and a projection. */
const LADDER_EVENTS_MAX = 70;
/** A complete life without waiting. */
const EVENTS_MAX = 250;
/** Names no durations, so the defaults apply. */
const toLead = policyWith({ escalation: '{ to: lead }' });

const server = await timeSkippingServer();
if (server.kind === 'binary') inDays(openTimedLives(server.path));
else test.skip(`the ladder in days: no time-skipping server: ${server.cause}`, () => undefined);

/** The rungs of the current hold, each with the minute in which it was reached, counted from the start of the hold. */
async function climbs(life: Life): Promise<readonly string[]> {
  const { heldSince } = await life.view();
  return (await life.records()).flatMap(({ cause, at }) => {
    const [, what] = /^no one has acted on (.*)$/.exec(cause) ?? [];
    const minutes = (at - (heldSince ?? 0)) / MINUTE_MS;
    return what === undefined || minutes < 0 ? [] : [`${what} after ${minutes.toFixed(1)} min`];
  });
}

const DAYS = { reminded: '1440.0 min', escalated: '4320.0 min', parked: '10080.0 min' };
const allRungs = (hold: string): readonly string[] =>
  Object.entries(DAYS).map(([rung, after]) => `${hold}: ${rung} after ${after}`);

function inDays({ temporal, begin, pass }: TimedLives): void {
  const onRung = (life: Life, wanted: string) => life.when(`is ${wanted}`, ({ rung }) => rung === wanted);

  describe('with the defaults of the policy', () => {
    test('a gate is reminded after 1 day, escalated after 3 and parked after 7, not a minute earlier', async () => {
      const life = await begin({ policy: toLead });
      expect((await life.atGate('start')).hold?.who).toBe('someone with the role write');
      await pass(DAY_MS - MINUTE_MS);
      expect(await life.view()).toMatchObject({ rung: 'fresh' });
      await pass(2 * MINUTE_MS);
      expect((await onRung(life, 'reminded')).hold?.who).toBe('someone with the role write');
      await pass(2 * DAY_MS - 2 * MINUTE_MS);
      expect(await life.view()).toMatchObject({ rung: 'reminded' });
      await pass(2 * MINUTE_MS);
      expect((await onRung(life, 'escalated')).hold?.who).toBe('lead');
      await pass(4 * DAY_MS - 2 * MINUTE_MS);
      expect(await life.view()).toMatchObject({ rung: 'escalated' });
      await pass(2 * MINUTE_MS);
      expect((await onRung(life, 'parked')).until).toBeNull();
      expect(await climbs(life)).toEqual(allRungs('gate:start'));
    });

    test('the holds blocked, escalated and the merge gate have the same durations, each on its own ladder', async () => {
      const [blocked, escalated, merging] = [await begin(), await begin(), await begin()];
      await blocked.atGate('start');
      await pass(2 * DAY_MS);
      await blocked.decide({ kind: 'reject' });
      await escalated.atGate('start');
      await escalated.decide({ kind: 'escalate', reason: 'look', to: 'carol' });
      await merging.to('merge');
      await pass(8 * DAY_MS);
      for (const life of [blocked, escalated, merging]) await onRung(life, 'parked');
      expect(await climbs(blocked)).toEqual(allRungs('blocked'));
      expect(await climbs(escalated)).toEqual(allRungs('escalated'));
      expect(await climbs(merging)).toEqual(allRungs('gate:merge'));
    });

    test('a decision in the last minute of a rung stops the climb', async () => {
      const life = await begin();
      await life.atGate('start');
      await pass(DAY_MS - MINUTE_MS);
      await life.to('merge');
      await pass(DAY_MS - MINUTE_MS);
      expect(await climbs(life)).toEqual([]);
      expect(await life.view()).toMatchObject({ rung: 'fresh' });
    });
  });

  describe('months of waiting', () => {
    /** The length of the history once no timer and no activity runs. */
    const lengthAtRest = async (life: Life): Promise<number> => {
      await until(`#${life.number} rests`, async () =>
        (await costsNothing(temporal(), life)) ? true : undefined,
      );
      return life.historyLength();
    };
    const parked = async (life: Life): Promise<number> => {
      await pass(8 * DAY_MS);
      await onRung(life, 'parked');
      return lengthAtRest(life);
    };

    test('half a year at a gate adds only the three rungs to the history', async () => {
      const life = await begin();
      await life.atGate('start');
      const before = await life.historyLength();
      const after = await parked(life);
      expect(after - before).toBeLessThanOrEqual(LADDER_EVENTS_MAX);
      await pass(HALF_A_YEAR_MS);
      expect(await life.historyLength()).toBe(after);
      // The workflow is still alive: it handles a decision after half a year.
      await life.decide({ kind: 'pause' });
      await life.held('paused');
      expect(await life.historyLength()).toBeGreaterThan(after);
    });

    test('half a year of pause adds nothing to the history', async () => {
      const life = await begin();
      await life.atGate('start');
      await life.decide({ kind: 'pause' });
      await life.held('paused');
      const before = await lengthAtRest(life);
      await pass(HALF_A_YEAR_MS);
      expect(await life.historyLength()).toBe(before);
    });

    test('a missing deployment is polled until the policy escalates; then the issue only waits', async () => {
      const release = '{ verify: deployment, environment: production, signOffFromRisk: never }';
      const life = await begin({ policy: policyWith({ release }), release: { deployment: null } });
      const { hold } = await life.to('merge');
      await life.decide({ kind: 'approve', digest: hold?.digest ?? '' });
      await life.when('waits for it', ({ waitingOn }) => waitingOn.includes('deployment'));
      // By then the poll runs every half hour, and only a poll checks the elapsed days.
      await pass(3 * DAY_MS + 31 * MINUTE_MS);
      await life.held('blocked');
      const after = await parked(life);
      const asked = life.script.inputs['checkRelease']?.length;
      await pass(HALF_A_YEAR_MS);
      expect(await life.historyLength()).toBe(after);
      expect(life.script.inputs['checkRelease']).toHaveLength(asked ?? 0);
    });

    test('after half a year at each gate an issue still reaches its end', async () => {
      const policy = policyWith({ release: '{ verify: merge, signOffFromRisk: low }' });
      const life = await begin({ policy });
      for (const gate of ['start', 'merge', 'release'] as const) {
        await life.to(gate);
        await pass(HALF_A_YEAR_MS);
        await onRung(life, 'parked');
      }
      expect(await life.toEnd()).toMatchObject({ stage: 'release-verified' });
      expect(await life.historyLength()).toBeLessThanOrEqual(EVENTS_MAX + 3 * LADDER_EVENTS_MAX);
    });
  });
}

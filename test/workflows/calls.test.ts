/** Calls of people through the real workflow: made once, removed after the answer, and a webhook that holds nothing up. */
import { describe, expect, test } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { CallInput, NotifyInput } from '../../src/contracts/activities.ts';
import { LONG_WAIT, type LongWait } from '../../src/contracts/names.ts';
import type { Script } from '../client/temporal/script.ts';
import { type Life, policyWith } from './support/life.ts';
import { openLives } from './support/lives.ts';

const lives = openLives();

const AT_ONCE = policyWith({ calls: '{ after: 0s }' });

const inputs = ({ script }: Life, activity: string): readonly unknown[] => script.inputs[activity] ?? [];
const called = (life: Life): readonly string[] =>
  (inputs(life, 'callPeople') as readonly CallInput[]).map(
    ({ call }) => `${call.hold} ${call.rung} ${call.to.join(' ')}`,
  );
const folded = (life: Life): number => inputs(life, 'foldCall').length;

async function atStart(script: Partial<Script> = {}): Promise<Life> {
  const life = await lives.begin({ policy: AT_ONCE, calling: {}, ...script });
  await life.atGate('start');
  return life;
}

describe('a gate', () => {
  test('calls who opted in, shows it, and the call is gone after the approval', async () => {
    const life = await atStart();
    const { called: shown } = await life.when('has called', view => view.called !== undefined);
    expect(shown).toMatchObject({ who: ['@alice'], rung: 'fresh' });
    expect(called(life)).toEqual(['gate:start fresh @alice']);
    expect(folded(life)).toBe(0);
    await life.to('merge');
    await life.when('has called again', view => view.called !== undefined);
    expect(folded(life)).toBe(1);
    await life.toEnd();
    expect(called(life)).toEqual(['gate:start fresh @alice', 'gate:merge fresh @alice']);
    expect(folded(life)).toBe(2);
    const causes = (await life.records()).map(({ cause }) => cause);
    expect(causes.filter(cause => cause.startsWith('called '))).toEqual([
      'called @alice to gate:start (fresh)',
      'called @alice to gate:merge (fresh)',
    ]);
  });

  test('that is answered within the first moments calls nobody', async () => {
    const life = await lives.begin({ calling: {} });
    await life.toEnd();
    expect(called(life)).toEqual([]);
  });

  test('that waits for the first moments to pass has a timer for them', async () => {
    const life = await atStart({ policy: policyWith({ calls: '{ after: 1s }' }) });
    expect(called(life)).toEqual([]);
    await life.when('has called', view => view.called !== undefined);
    expect(called(life)).toEqual(['gate:start fresh @alice']);
  });

  test('calls at most once on each rung, up to the last', async () => {
    const escalation = '{ remindAfter: 1s, escalateAfter: 2s, parkAfter: 3s, to: lead }';
    const life = await atStart({ policy: policyWith({ calls: '{ after: 0s }', escalation }) });
    await life.when('has called to the last rung', ({ called: shown }) => shown?.rung === 'parked');
    const rungs = ['fresh @alice', 'reminded @alice', 'escalated @lead', 'parked @lead'];
    // A slow host may climb past a rung before it calls.
    const made = called(life).map(call => call.replace(/^gate:start /, ''));
    expect(made).toEqual(rungs.filter(rung => made.includes(rung)));
    expect(made.at(-1)).toBe('parked @lead');
    expect(folded(life)).toBe(made.length - 1);
  });
});

test('a call that GitHub refuses is recorded, and the issue goes on', async () => {
  const life = await atStart({
    before: activity => {
      if (activity === 'callPeople')
        throw ApplicationFailure.nonRetryable('Resource not accessible', 'GitHubForbidden');
    },
  });
  const view = await life.when('has a problem', ({ called: shown }) => shown?.problem !== undefined);
  expect(view.called).toMatchObject({ who: [], problem: 'call failed: Resource not accessible' });
  expect(view.hold?.gate).toBe('start');
  expect((await life.toEnd()).stage).toBe('release-verified');
});

describe('a call that GitHub keeps waiting', () => {
  /** Until GitHub's limit ends; without a time, it is unknown when. */
  const limited = async (wait: LongWait): Promise<Life> => {
    let isFirst = true;
    return atStart({
      before: activity => {
        if (activity !== 'callPeople' || !isFirst) return;
        isFirst = false;
        throw ApplicationFailure.create({ type: LONG_WAIT, message: 'used up', details: [wait] });
      },
    });
  };

  test('is made when the limit ends, as a repetition', async () => {
    const life = await limited({ afterMs: 1_500 });
    const late = await life.when('tells of the call', ({ delays = [] }) => delays.length > 0);
    expect(late.delays).toEqual([expect.stringContaining('call has not succeeded since')]);
    expect(late.hold?.gate).toBe('start');
    const view = await life.when('has called', ({ called: shown }) => shown !== undefined);
    expect(view.called).toMatchObject({ who: ['@alice'] });
    expect(view).not.toHaveProperty('delays');
    expect(inputs(life, 'callPeople').at(-1)).toMatchObject({ context: { again: true }, call: { seq: 1 } });
  });

  test('without an end is recorded, and not repeated', async () => {
    const life = await limited({});
    const view = await life.when('has a problem', ({ called: shown }) => shown?.problem !== undefined);
    expect(view.called).toMatchObject({ who: [], problem: 'call failed: used up' });
    expect(view).not.toHaveProperty('delays');
    await life.to('merge');
    expect(called(life).filter(call => call.startsWith('gate:start'))).toHaveLength(1);
  });
});

describe('the webhook', () => {
  test('is told of a call with what is asked', async () => {
    const life = await atStart({ calling: { webhook: true } });
    await life.when('has told the webhook', ({ called: shown }) => shown?.posted === true);
    const [told] = inputs(life, 'notifyWebhook') as readonly NotifyInput[];
    expect(told?.notice).toMatchObject({
      hold: 'gate:start',
      who: ['@alice'],
      what: expect.stringContaining('/approve start') as unknown,
    });
  });

  test('that does not answer holds nothing up', async () => {
    let release = (): void => undefined;
    const silent = new Promise<void>(resolve => (release = resolve));
    const life = await atStart({
      calling: { webhook: true },
      before: async activity => {
        if (activity === 'notifyWebhook') await silent;
      },
    });
    await life.when('has called', view => view.called !== undefined);
    expect((await life.toEnd()).stage).toBe('release-verified');
    release();
  });

  test('that says no is shown', async () => {
    const life = await atStart({ calling: { webhook: true }, webhookSays: 'it answered 410' });
    const view = await life.when('shows it', ({ called: shown }) => shown?.problem !== undefined);
    expect(view.called?.problem).toBe('webhook: it answered 410');
  });
});

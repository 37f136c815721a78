/** The rule of the two lanes, row by row, over rules that are nothing but what is due. */
import { describe, expect, test } from '@jest/globals';
import {
  type Flights,
  type LaneInstruction,
  lanesOf,
  type LaneRules,
  NO_FLIGHTS,
} from '../../src/domain/lanes.ts';

interface Due {
  readonly step: ReturnType<LaneRules<Due, string, string>['nextStep']>;
  readonly upkeep?: string;
}

const lanes = lanesOf<Due, string, string>({
  nextStep: due => due.step,
  nextUpkeep: due => due.upkeep,
  isSameEffect: (one, other) => one === other,
});

const effect = (name: string): Due['step'] => ({ kind: 'effect', effect: name });
const hold: Due['step'] = { kind: 'hold', until: 7 };
const wait: Due['step'] = { kind: 'wait' };
const end: Due['step'] = { kind: 'end' };
const push = { effect: 'push', cancelled: false };
const cancelled = { effect: 'push', cancelled: true };
const look = { upkeep: 'look' };

type Row = readonly [string, Due, Partial<Flights<string, string>>, LaneInstruction<string, string>];

const ROWS: readonly Row[] = [
  ['an effect that is due begins', { step: effect('push') }, {}, { do: 'start-effect', effect: 'push' }],
  [
    'the effect begins before the upkeep',
    { step: effect('push'), upkeep: 'look' },
    {},
    { do: 'start-effect', effect: 'push' },
  ],
  [
    'an effect begins beside upkeep',
    { step: effect('push') },
    { upkeep: look },
    { do: 'start-effect', effect: 'push' },
  ],
  [
    'upkeep begins beside an effect',
    { step: effect('push'), upkeep: 'look' },
    { effect: push },
    { do: 'start-upkeep', upkeep: 'look' },
  ],
  ['upkeep begins beside a hold', { step: hold, upkeep: 'look' }, {}, { do: 'start-upkeep', upkeep: 'look' }],
  ['upkeep begins after the end', { step: end, upkeep: 'look' }, {}, { do: 'start-upkeep', upkeep: 'look' }],
  [
    'there is one of each at most',
    { step: effect('push'), upkeep: 'project' },
    { effect: push, upkeep: look },
    { do: 'wait' },
  ],
  [
    'an effect gives way to another',
    { step: effect('merge'), upkeep: 'look' },
    { effect: push },
    { do: 'cancel-effect' },
  ],
  ['an effect gives way to a hold', { step: hold }, { effect: push }, { do: 'cancel-effect' }],
  ['an effect gives way to a wait', { step: wait }, { effect: push }, { do: 'cancel-effect' }],
  ['an effect gives way to the end', { step: end }, { effect: push }, { do: 'cancel-effect' }],
  [
    'nothing begins while a cancelled effect lives',
    { step: effect('merge'), upkeep: 'look' },
    { effect: cancelled },
    { do: 'await-cancelled' },
  ],
  [
    'a cancelled effect is waited for even where it is the step again',
    { step: effect('push') },
    { effect: cancelled },
    { do: 'await-cancelled' },
  ],
  ['an effect in flight is waited for', { step: effect('push') }, { effect: push }, { do: 'wait' }],
  [
    'upkeep in flight is waited for, and so is the timer',
    { step: hold },
    { upkeep: look },
    { do: 'wait', until: 7 },
  ],
  ['it rests where nothing is in flight', { step: wait }, {}, { do: 'rest' }],
  ['it rests until the timer', { step: hold }, {}, { do: 'rest', until: 7 }],
  ['it ends', { step: end }, {}, { do: 'end' }],
  ['it ends only when the upkeep has ended', { step: end }, { upkeep: look }, { do: 'wait' }],
];

describe('the lanes', () => {
  test.each(ROWS)('%s', (...[, due, flights, next]) => {
    expect(lanes(due, { ...NO_FLIGHTS, ...flights })).toEqual(next);
  });
});

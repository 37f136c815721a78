/** Calls and what keeps failing: who is called to a delay, and what becomes of a call that GitHub keeps waiting. */
import { describe, expect, test } from '@jest/globals';
import type { DelayFacts } from '../../src/domain/delay.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import type { Upkeep } from '../../src/domain/step.ts';
import { viewOf } from '../../src/domain/view.ts';
import { flow } from './life/acts.ts';
import { approve, decide, poke } from './life/people.ts';
import type { World } from './life/world.ts';
import { AUTO, Scene } from './mutants/scene.ts';

const LIMIT_MS = 40 * 60_000;
const SETTING = { ...AUTO, github: { calling: {} } } as const;

const begun = (): Scene => new Scene(SETTING);
const calls = ({ state }: World): readonly string[] =>
  (state.calls ?? []).map(({ hold, rung, who }) => `${hold} ${rung} ${who.join(' ')}`.trim());
const alive = ({ state }: World): number =>
  (state.calls ?? []).filter(({ commentId }) => commentId !== undefined).length;

/** The effect in flight does not succeed this time. */
function failing(world: World, facts: Partial<DelayFacts> = {}): void {
  const effect = world.effect?.effect;
  if (effect === undefined) throw new Error('nothing is in flight');
  world.land({ type: 'step-delayed', effect, since: world.now, reason: 'no answer', ...facts });
}

function upkeepFailing(world: World, facts: Partial<DelayFacts> = {}): void {
  const kind = world.upkeep?.upkeep.kind;
  if (kind === undefined) throw new Error('nothing is in flight');
  world.landUpkeep({ type: 'upkeep-delayed', upkeep: kind, since: world.now, reason: 'no answer', ...facts });
}

function until(world: World, kind: Upkeep['kind']): World {
  for (let steps = 0; steps < 200 && world.upkeep?.upkeep.kind !== kind; steps += 1)
    if (world.upkeep === undefined) world.land();
    else world.landUpkeep();
  if (world.upkeep?.upkeep.kind !== kind) throw new Error(`${kind} never starts`);
  return world;
}

/** The next try of the claim has begun. */
function tried(world: World): World {
  while (world.effect === undefined) {
    world.advanceToTimer();
    while (world.upkeep !== undefined) world.landUpkeep();
  }
  return world;
}

const delayed = (facts: Partial<DelayFacts> = {}): World => {
  const { world } = begun().untilEffect('claim-branch');
  failing(world, facts);
  flow(world);
  return world;
};

describe('a step that keeps failing', () => {
  test('calls once, however often and in whatever words it fails, and the call is gone when it has succeeded', () => {
    const world = delayed();
    expect(calls(world)).toEqual(['delayed fresh @lead']);
    for (const reason of ['error a3f', 'error b7c', 'no answer']) {
      tried(world);
      while (world.upkeep !== undefined) world.landUpkeep();
      expect(alive(world)).toBe(1);
      failing(world, { reason });
      flow(world);
    }
    expect(calls(world)).toHaveLength(1);
    expect(viewOf(world.state).called).toMatchObject({ who: ['@lead'], rung: 'fresh' });
    tried(world).land();
    flow(world);
    expect(calls(world).filter(call => call.startsWith('delayed'))).toHaveLength(1);
    expect(world.state.calls?.[0]).not.toHaveProperty('commentId');
  });

  test('calls again when it keeps failing another time', () => {
    const world = delayed();
    tried(world).land();
    while (world.effect?.effect.kind !== 'build-change') world.land();
    failing(world);
    flow(world);
    expect(calls(world)).toEqual(['delayed fresh @lead', 'delayed fresh @lead']);
    expect(alive(world)).toBe(1);
  });

  test('calls nobody while only the end of a limit is waited for', () => {
    const world = delayed({ limitEnds: delayed().now + LIMIT_MS });
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { because: 'limit' } });
    expect(calls(world)).toEqual([]);
    world.advanceToTimer();
    expect(world.effect?.effect.kind).toBe('claim-branch');
    failing(world);
    flow(world);
    expect(calls(world)).toEqual(['delayed fresh @lead']);
  });

  test('calls also when it is the reading of GitHub', () => {
    const { world } = begun().flow();
    decide(world, 'ann', { kind: 'retry' });
    poke(world, 'comments');
    until(world, 'look');
    approve(world, 'ann');
    upkeepFailing(world);
    flow(world);
    expect(calls(world).at(-1)).toBe('delayed fresh @lead');
  });
});

test('a gate keeps its call while a limit holds up what is only read again', () => {
  const { world } = new Scene({ ...SETTING, signOff: 'low', owner: 'rita' }).until('release').flow();
  const made = calls(world);
  expect(made.at(-1)).toBe('gate:release fresh @rita');
  poke(world, 'deployments');
  for (let steps = 0; steps < 60 && world.effect === undefined; steps += 1) world.landUpkeep();
  expect(world.effect?.effect.kind).toBe('check-release');
  failing(world, { limitEnds: world.now + LIMIT_MS });
  flow(world);
  expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { because: 'limit' } });
  world.advanceToTimer();
  flow(world);
  expect(nextStep(world.state)).toMatchObject({ hold: { gate: 'release' } });
  expect([calls(world), alive(world)]).toEqual([made, 1]);
});

describe('a call that GitHub keeps waiting', () => {
  const limited = (): { readonly world: World; readonly limitEnds: number } => {
    const world = until(begun().world, 'call');
    const limitEnds = world.now + LIMIT_MS;
    upkeepFailing(world, { limitEnds });
    flow(world);
    return { world, limitEnds };
  };

  test('is made when the limit ends', () => {
    const { world, limitEnds } = limited();
    expect(calls(world)).toEqual([]);
    expect(world.pause).toEqual({ do: 'rest', until: limitEnds });
    world.advanceToTimer();
    flow(world);
    expect(calls(world)).toEqual([expect.stringMatching(/^gate:merge fresh @/)]);
    expect(world.state.delays).toBeUndefined();
  });

  test('is not made when the answer comes before', () => {
    const { world } = limited();
    decide(world, 'ann', { kind: 'pause' });
    flow(world);
    expect(world.state.delays).toBeUndefined();
    world.advance(2 * LIMIT_MS);
    flow(world);
    expect(calls(world)).toEqual([]);
  });

  test('is removed before the issue ends', () => {
    const { world } = begun().flow();
    approve(world, 'ann');
    until(world, 'fold-call');
    upkeepFailing(world, { limitEnds: world.now + LIMIT_MS });
    flow(world);
    expect([alive(world), world.ended]).toEqual([1, false]);
    world.advanceToTimer();
    flow(world);
    expect([alive(world), world.ended]).toEqual([0, true]);
  });
});

/** What keeps failing is told, tried again by itself, and forgotten once it has succeeded. */
import { describe, expect, test } from '@jest/globals';
import type { DelayFacts } from '../../src/domain/delay.ts';
import { LONGEST_PAUSE_MS } from '../../src/domain/delay.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { projection, searchFacts } from '../../src/domain/projection.ts';
import type { EffectKind, Upkeep } from '../../src/domain/step.ts';
import { viewOf } from '../../src/domain/view.ts';
import { flow } from './life/acts.ts';
import { decide, poke } from './life/people.ts';
import type { World } from './life/world.ts';
import { AUTO, Scene } from './mutants/scene.ts';

const MINUTE_MS = 60_000;
const BROKEN = 'it does not answer';

function failing(world: World, facts: Partial<DelayFacts> = {}): void {
  const effect = world.effect?.effect;
  if (effect === undefined) throw new Error('nothing is in flight');
  world.land({ type: 'step-delayed', effect, since: world.now, reason: BROKEN, ...facts });
}

function upkeepFailing(world: World, facts: Partial<DelayFacts> = {}): void {
  const kind = world.upkeep?.upkeep.kind;
  if (kind === undefined) throw new Error('nothing is in flight');
  world.landUpkeep({ type: 'upkeep-delayed', upkeep: kind, since: world.now, reason: BROKEN, ...facts });
}

/** Until this is in flight. */
function until(world: World, kind: EffectKind | Upkeep['kind']): World {
  world.settle();
  const isThere = () => world.effect?.effect.kind === kind || world.upkeep?.upkeep.kind === kind;
  for (let round = 0; round < 200 && !isThere(); round++)
    if (world.upkeep === undefined) world.land();
    else world.landUpkeep();
  if (!isThere()) throw new Error(`${kind} never starts: ${JSON.stringify(nextStep(world.state))}`);
  return world;
}

const living = (kind: EffectKind | Upkeep['kind']): World => until(new Scene(AUTO).world, kind);
const hold = ({ state }: World) => {
  const step = nextStep(state);
  return step.kind === 'hold' ? step.hold : undefined;
};
const held = ({ state }: World) => state.held?.name ?? 'none';

describe('an effect that keeps failing', () => {
  test('is a hold with its reason, in the comment, the label, the view and the index', () => {
    const world = living('claim-branch');
    failing(world);
    expect(hold(world)).toMatchObject({
      kind: 'delayed',
      why: [expect.stringContaining(BROKEN), expect.any(String)],
    });
    const { comment, labels } = projection(world.state);
    expect(comment).toContain(BROKEN);
    expect(labels).toContain('ai:delayed');
    expect(viewOf(world.state).delays).toEqual([
      expect.stringContaining(`claim-branch has not succeeded since`),
    ]);
    expect(searchFacts(world.state).hold).toBe('delayed');
  });

  test('is tried again by itself after growing pauses, and not before', () => {
    const world = living('claim-branch');
    const pauses = [];
    for (let times = 0; times < 6; times++) {
      failing(world);
      flow(world);
      expect(world.effect).toBeUndefined();
      const from = world.now;
      world.advanceToTimer();
      pauses.push((world.now - from) / MINUTE_MS);
      until(world, 'claim-branch');
    }
    expect(pauses).toEqual([1, 2, 5, 15, 15, 15]);
    expect(LONGEST_PAUSE_MS).toBe(15 * MINUTE_MS);
  });

  test('goes on and is forgotten once it succeeds', () => {
    const world = living('claim-branch');
    failing(world);
    flow(world);
    world.advanceToTimer();
    until(world, 'run-agent');
    expect(world.state.delays).toBeUndefined();
    expect(viewOf(world.state).delays).toBeUndefined();
    expect(projection(world.state).comment).not.toContain(BROKEN);
  });

  test('stays one hold over all tries, with one record for each reason', () => {
    const world = living('claim-branch');
    failing(world);
    const { since } = world.state.held ?? {};
    for (let times = 0; times < 5; times++) {
      flow(world);
      world.advanceToTimer();
      until(world, 'claim-branch');
      expect(held(world)).toBe('delayed');
      failing(world);
    }
    expect(world.state.held).toMatchObject({ name: 'delayed', since });
    expect(world.state.audit.records.filter(({ cause }) => cause.includes(BROKEN))).toHaveLength(1);
    flow(world);
    world.advanceToTimer();
    until(world, 'claim-branch');
    failing(world, { reason: 'now it says no' });
    expect(world.state.audit.records.filter(({ cause }) => cause.includes('now it says no'))).toHaveLength(1);
  });

  test('is tried at once when a person says /retry', () => {
    const world = living('claim-branch');
    failing(world);
    flow(world);
    const { now } = world;
    decide(world, 'ann', { kind: 'retry' });
    until(world, 'claim-branch');
    expect(world.now).toBe(now);
  });

  test('climbs the ladder when it lasts, and calls the one who was named', () => {
    const world = living('claim-branch');
    const remindAfterMs = world.state.policy?.escalation.remindAfterMs ?? 0;
    const start = world.now;
    failing(world);
    while (world.now < start + remindAfterMs + 2 * LONGEST_PAUSE_MS) {
      flow(world);
      world.advanceToTimer();
      world.settle();
      if (world.effect !== undefined) failing(world);
    }
    flow(world);
    expect(world.state.held).toMatchObject({ name: 'delayed', rung: 'reminded' });
  });

  test('is no longer waited for when the issue is paused; a look in between changes nothing', () => {
    const world = living('claim-branch');
    failing(world);
    flow(world);
    poke(world, 'issue');
    flow(world);
    expect(held(world)).toBe('delayed');
    expect(world.state.delays).toHaveLength(1);
    decide(world, 'ann', { kind: 'pause' });
    expect(hold(world)).toMatchObject({ kind: 'paused' });
    expect(world.state.delays).toBeUndefined();
  });
});

describe('a limit of GitHub', () => {
  const ends = (world: World) => world.now + 40 * MINUTE_MS;

  test('is told with its end, asks no one, and goes on exactly then', () => {
    const world = living('claim-branch');
    const limitEnds = ends(world);
    failing(world, { limitEnds });
    expect(hold(world)).toMatchObject({ kind: 'delayed', who: 'no one', because: 'limit' });
    expect(hold(world)?.why[1]).toBe(
      `it is tried again by itself at ${new Date(limitEnds).toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    );
    flow(world);
    expect(world.pause).toEqual({ do: 'rest', until: limitEnds });
  });

  test('stops every other request to GitHub until then, and nothing else', () => {
    const world = living('claim-branch');
    failing(world, { limitEnds: ends(world) });
    poke(world, 'issue', 'comments');
    world.settle();
    expect([world.effect, world.upkeep]).toEqual([undefined, undefined]);
    // Control: without a limit, the other requests go on.
    const other = living('claim-branch');
    failing(other);
    poke(other, 'issue', 'comments');
    expect(until(other, 'look').state.delays).toHaveLength(1);
  });
});

describe('upkeep that keeps failing', () => {
  test('holds the issue when it is the look that is waited for, until it has succeeded', () => {
    const world = living('look');
    upkeepFailing(world);
    expect(hold(world)).toMatchObject({ kind: 'delayed' });
    flow(world);
    world.advanceToTimer();
    expect(world.upkeep?.upkeep.kind).toBe('look');
    expect(held(world)).toBe('delayed');
    world.landUpkeep();
    expect(held(world)).not.toBe('delayed');
    expect(world.state.delays).toBeUndefined();
  });

  test('does not hold the work when only the comment cannot be written, but is told in the view', () => {
    const scene = new Scene({ ...AUTO });
    const world = until(scene.world, 'project');
    upkeepFailing(world);
    expect(viewOf(world.state).delays).toEqual([expect.stringContaining('project has not succeeded')]);
    expect(held(world)).not.toBe('delayed');
    flow(world);
    world.advanceToTimer();
    flow(world);
    expect(world.state.delays).toBeUndefined();
    expect(world.state.projected).toBeDefined();
  });

  test('keeps an ended issue until the last comment is written', () => {
    const { world } = new Scene(AUTO).until('merge').approve();
    until(world, 'close-issue');
    world.land();
    until(world, 'project');
    upkeepFailing(world);
    flow(world);
    expect([nextStep(world.state).kind, world.ended]).toEqual(['end', false]);
    world.advanceToTimer();
    flow(world);
    expect(world.ended).toBe(true);
    expect(world.state.delays).toBeUndefined();
  });
});

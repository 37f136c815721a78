/** An approved change waits for its turn in the line of merges: only then is it verified on the present target branch. */
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { currentHold } from '../../src/domain/evolve/evolve.ts';
import { stageOf } from '../../src/domain/facts.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { omit } from '../../src/domain/omit.ts';
import { flow } from './life/acts.ts';
import { checkRecovery, checkReplay, checkWorld } from './life/check.ts';
import { policyOf, type PolicyChoice } from './life/fixtures.ts';
import { newGitHub, type GitHub } from './life/github.ts';
import { Guard } from './life/guard.ts';
import { approve, decide } from './life/people.ts';
import { SEED } from './life/seed.ts';
import { ACTS, policy } from './life/sequence.ts';
import { World } from './life/world.ts';

const MINUTE_MS = 60_000;

/** At the merge gate, with a line that gives no turn by itself. */
function atGate(choice: PolicyChoice = {}, github: Partial<GitHub> = {}): { world: World; guard: Guard } {
  const guard = new Guard();
  const plain = newGitHub({ policy: policyOf({ mode: 'auto-run', ...choice }), line: 'busy', ...github });
  const world = new World(plain, guard);
  flow(world);
  for (let asked = 0; asked < 4 && currentHold(world.state) !== 'gate:merge'; asked++) {
    approve(world);
    flow(world);
  }
  return { world, guard };
}

function approveLater(world: World): void {
  world.now += 1000;
  approve(world);
  flow(world);
}

function inLine(choice: PolicyChoice = {}, github: Partial<GitHub> = {}): World {
  const { world } = atGate(choice, github);
  approveLater(world);
  return world;
}

/** The line gives the turn to the place that it has. */
function turn(world: World): void {
  world.now += 1000;
  world.turn(world.github.place ?? '');
  flow(world);
}

/** The policy and the branch are read again. */
function readAgain(world: World): void {
  for (const kind of ['escalate', 'retry'] as const) {
    decide(world, 'ann', { kind, reason: 'so', to: 'lead' });
    flow(world);
  }
}

const waitsFor = (world: World): string => {
  const step = nextStep(world.state);
  return step.kind === 'wait' ? step.for : step.kind;
};

describe('an approved change', () => {
  test('waits for its turn without reading or verifying anything, and is then merged', () => {
    const world = inLine();
    expect(waitsFor(world)).toBe('turn');
    expect(world.state.mergePlace).toMatchObject({ id: '1.1', target: 'main', head: world.state.pushed });
    const readAt = world.state.policyReadAt;
    world.github = { ...world.github, base: 'base-2' };
    expect(world.state.policyReadAt).toBe(readAt);
    turn(world);
    expect(world.state.candidate).toMatchObject({ base: 'base-2', verification: { onto: 'base-2' } });
    expect([world.github.made.merges, world.github.place]).toEqual([1, undefined]);
  });

  test('asks the line again after ten minutes with the same place, in case it was terminated', () => {
    const world = inLine();
    const { id, joinedAt } = world.state.mergePlace ?? {};
    world.github = { ...world.github, place: 'gone' };
    while (world.now < (joinedAt ?? 0) + 11 * MINUTE_MS) {
      world.advanceToTimer();
      flow(world);
    }
    expect(world.github.place).toBe(id);
    expect(world.state.mergePlace).toMatchObject({ id, joinedAt });
  });

  test.each([
    ['the policy has no line', { line: false }],
    ['a person merges', { mergeBy: 'person' }],
    ['the target branch may move', { upToDate: false }],
  ] satisfies [string, PolicyChoice][])('does not wait if %s', (_why, choice) => {
    expect(inLine(choice).state.mergePlaces).toBeUndefined();
  });

  test('does not wait where the scheduler keeps no lines', () => {
    const { world } = atGate({}, {});
    const older = new World({ ...newGitHub({ policy: world.github.policy }) });
    flow(older);
    approveLater(older);
    expect([older.github.made.merges, older.state.mergePlaces]).toEqual([1, undefined]);
  });
});

describe('a place is given up', () => {
  test.each([
    ['it is paused', world => decide(world, 'ann', { kind: 'pause', reason: 'later' })],
    ['it is cancelled', world => decide(world, 'ann', { kind: 'cancel' })],
    ['a person merged it', world => ACTS['a person merges']?.(world, 0)],
    ['its approval is withdrawn', world => ACTS['the issue is edited']?.(world, 1)],
    ['the pull request is a draft', world => ACTS['the pull request is drafted']?.(world, 0)],
  ] satisfies [string, (world: World) => void][])('when %s', (_why, act) => {
    const world = inLine();
    expect(world.github.place).toBe('1.1');
    world.now += 1000;
    act(world);
    world.push({ type: 'poked', facets: ['issue', 'comments', 'pull-request'] });
    flow(world);
    expect([world.github.place, world.state.mergePlace]).toEqual([undefined, undefined]);
  });

  test('and taken again, as another one, when it can be merged again', () => {
    const world = inLine();
    decide(world, 'ann', { kind: 'pause', reason: 'later' });
    flow(world);
    decide(world, 'ann', { kind: 'resume' });
    flow(world);
    expect(world.state.mergePlace?.id).toBe('1.2');
    turn(world);
    expect(world.github.made.merges).toBe(1);
  });

  test('by a change that fails on the present branch, in its turn', () => {
    const world = inLine({}, {});
    world.github = { ...world.github, base: 'base-2', below: { fails: true } };
    turn(world);
    expect([currentHold(world.state), world.github.place]).toEqual(['gate:merge', undefined]);
    expect(world.github.made.merges).toBe(0);
  });

  test('by a step that keeps failing in its turn; it joins again for the next try, and people are told all the time', () => {
    const world = inLine();
    world.now += 1000;
    world.turn('1.1');
    while (world.effect?.effect.kind !== 'merge') {
      world.landUpkeep();
      world.land();
    }
    const { effect } = world.effect;
    world.land({ type: 'step-delayed', effect, since: world.now, reason: 'GitHub answers 500' });
    flow(world);
    expect([currentHold(world.state), world.github.place]).toEqual(['delayed', undefined]);
    const since = world.state.held?.since;
    world.advanceToTimer();
    flow(world);
    expect([waitsFor(world), currentHold(world.state), world.state.held?.since]).toEqual([
      ...['turn', 'delayed', since],
    ]);
    turn(world);
    expect([world.github.made.merges, world.state.delays]).toEqual([1, undefined]);
  });
});

test('a turn that comes before the answer to the request is not lost', () => {
  const { world } = atGate();
  world.now += 1000;
  approve(world);
  world.perform();
  world.turn('1.1');
  flow(world);
  expect([world.github.made.merges, world.state.mergePlaces, world.state.strayPlaces]).toEqual([
    ...[1, 1, undefined],
  ]);
});

test('a turn that comes early, twice or for another place holds nobody up', () => {
  const { world } = atGate();
  world.turn('1.1');
  flow(world);
  expect(world.state.strayPlaces).toBeUndefined();
  approveLater(world);
  world.github = { ...world.github, place: 'strange' };
  world.turn('strange');
  flow(world);
  expect([world.github.place, waitsFor(world)]).toEqual([undefined, 'turn']);
  world.turn('1.1');
  world.turn('1.1');
  flow(world);
  expect(stageOf(world.state)).toBe('release-verified');
});

test('without an approval, the gate shows the change as it is, although the branch moved', () => {
  const { world } = atGate();
  world.github = { ...world.github, base: 'base-2' };
  readAgain(world);
  expect(world.state.repository?.head).toBe('base-2');
  expect([currentHold(world.state), world.state.candidate]).toEqual(['gate:merge', undefined]);
});

test('an approval that is not carried over at this risk is asked for with what a merge makes', () => {
  const { world } = atGate({ carryOver: 'never' });
  world.github = { ...world.github, base: 'base-2' };
  readAgain(world);
  expect(world.state.candidate).toMatchObject({ base: 'base-2' });
  expect(currentHold(world.state)).toBe('gate:merge');
});

test('a head that must be up to date keeps its turn while it is built again', () => {
  const world = inLine({ upToDate: 'head' });
  const head = world.state.pushed;
  world.github = { ...world.github, base: 'base-2' };
  turn(world);
  expect(world.state.change).toMatchObject({ base: 'base-2', earlier: [head] });
  expect([world.github.made.merges, world.state.mergePlaces]).toEqual([1, 1]);
});

describe('any sequence of acts in the line', () => {
  const RUNS = Number(process.env['SIGNALBOX_TEST_SEQUENCES'] ?? 100);
  const some = fc.constantFrom(
    ...['its turn comes', 'its turn comes', 'the line is terminated', 'the line is busy or free'],
    ...['the answers come', 'everything comes to rest', 'a person helps on', 'the wait is over'],
    ...['the default branch moves', 'the effect answers', 'the upkeep answers', 'time goes by'],
    ...Object.keys(ACTS),
  );
  const played = fc.array(fc.tuple(some, fc.nat(59)), { minLength: 4, maxLength: 30, size: 'max' });

  test(
    'keeps every invariant, and ends when the faults stop',
    () => {
      const property = fc.property(policy, played, ({ lines = 'busy', ...choice }, acts) => {
        const line = lines === 'none' ? 'busy' : lines;
        const { world, guard } = atGate(
          { ...omit(choice, 'calling'), mode: 'auto-run', mergeBy: 'scheduler' },
          { line },
        );
        for (const [name, n] of acts) {
          world.now += 1000;
          ACTS[name]?.(world, n);
          checkWorld(world, guard);
        }
        checkReplay(world, guard);
        checkRecovery(world, guard);
      });
      fc.assert(property, { seed: SEED, numRuns: RUNS });
    },
    RUNS * 300,
  );
});

/** The approved head is handed over to GitHub, followed, and taken back before anything else happens to it. */
import { describe, expect, test } from '@jest/globals';
import { nextStep } from '../../src/domain/next-step.ts';
import { omit } from '../../src/domain/omit.ts';
import type { ObservedPullRequest } from '../../src/domain/observation.ts';
import type { Effect } from '../../src/domain/step.ts';
import { flow } from './life/acts.ts';
import { type PolicyChoice, policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { isThere, mergedByGitHub } from './life/hand-over.ts';
import { approve, decide, dismissReviews, poke, review } from './life/people.ts';
import { World } from './life/world.ts';

interface Scene {
  readonly world: World;
  readonly effects: Effect['kind'][];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Approved by a review of ben. */
function approved(choice: PolicyChoice = {}, more: Parameters<typeof newGitHub>[0] = {}): Scene {
  const effects: Effect['kind'][] = [];
  const policy = policyOf({ mode: 'auto-run', handOver: 'queue', ...choice });
  const world = new World(newGitHub({ policy, ...more }), {
    starts: (_state, effect) => effects.push(effect.kind),
  });
  flow(world);
  review(world, 'ben', 'approved');
  poke(world, 'pull-request');
  flow(world);
  return { world, effects };
}

function change({ world }: Scene, pull: Partial<ObservedPullRequest>): void {
  const { pullRequest } = world.github;
  if (pullRequest === undefined) throw new Error('there is no pull request');
  world.github = { ...world.github, pullRequest: { ...pullRequest, ...pull } };
  poke(world, 'pull-request');
  flow(world);
}

function merges({ world }: Scene): void {
  world.github = mergedByGitHub(world.github);
  poke(world, 'pull-request');
  flow(world);
}

describe.each(['queue', 'auto-merge'] as const)('with merge.handOver: %s, an approved change', handOver => {
  test('is handed over once, waited for, and its merge counts for who approved it', () => {
    const scene = approved({ handOver });
    const { world, effects } = scene;
    expect(nextStep(world.state)).toMatchObject({ kind: 'wait', for: 'merge' });
    expect([isThere(world.github), effects.filter(kind => kind === 'hand-over-merge').length]).toEqual([
      true,
      1,
    ]);
    world.advanceToTimer();
    flow(world);
    expect(nextStep(world.state)).toMatchObject({ kind: 'wait', for: 'merge' });
    merges(scene);
    expect(world.ended).toBe(true);
    expect(effects).not.toContain('merge');
    expect(world.state.merge).toMatchObject({ by: { kind: 'person', login: 'ben' } });
    expect(effects).toContain('read-arrival');
  });

  test.each<readonly [string, (world: World) => void, string]>([
    ['a pause', world => decide(world, 'ann', { kind: 'pause', reason: 'later' }), 'paused'],
    ['a dismissed review', dismissReviews, 'gate'],
    ['a draft', world => change({ world, effects: [] }, { draft: true }), 'blocked'],
  ])('is taken back first after %s', (_what, act, kind) => {
    const { world, effects } = approved({ handOver });
    act(world);
    poke(world, 'pull-request');
    flow(world);
    expect(effects.at(-1)).toBe('take-back-merge');
    expect([isThere(world.github), world.state.handOver]).toEqual([false, undefined]);
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { kind } });
  });

  test('is taken back before another attempt, which is handed over again when it is approved', () => {
    const { world, effects } = approved({ handOver });
    review(world, 'ben', 'changes-requested');
    poke(world, 'pull-request');
    flow(world);
    const [back, run] = [effects.lastIndexOf('take-back-merge'), effects.lastIndexOf('run-agent')];
    expect(back).toBeGreaterThan(0);
    expect(run).toBeGreaterThan(back);
    review(world, 'ben', 'approved');
    poke(world, 'pull-request');
    flow(world);
    expect([effects.at(-1), isThere(world.github)]).toEqual(['hand-over-merge', true]);
  });

  test('is taken back before the issue ends', () => {
    const { world, effects } = approved({ handOver });
    decide(world, 'ann', { kind: 'cancel' });
    flow(world);
    expect([effects.at(-1), isThere(world.github), world.ended]).toEqual(['take-back-merge', false, true]);
  });

  test('that GitHub gives back is a hold with its reason, and is handed over again only with a retry', () => {
    const scene = approved({ handOver });
    const { world, effects } = scene;
    change(scene, { handedOver: { returned: 'FAILED_CHECKS' } });
    expect(nextStep(world.state)).toMatchObject({
      kind: 'hold',
      hold: { kind: 'blocked', why: [expect.stringMatching(/gave pull request #70 back: FAILED_CHECKS$/)] },
    });
    const handed = () => effects.filter(kind => kind === 'hand-over-merge').length;
    world.advanceToTimer();
    flow(world);
    expect([handed(), effects.includes('take-back-merge')]).toEqual([1, false]);
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect([handed(), isThere(world.github)]).toEqual([2, true]);
  });

  test('that nobody merges within a day is a hold, and stays where it is', () => {
    const scene = approved({ handOver });
    const { world, effects } = scene;
    world.advance(25 * HOUR_MS);
    flow(world);
    const step = nextStep(world.state);
    expect(step).toMatchObject({
      kind: 'hold',
      hold: {
        kind: 'blocked',
        why: [expect.stringMatching(/has not merged pull request #70 within a day$/)],
      },
    });
    expect([isThere(world.github), effects.includes('take-back-merge')]).toEqual([true, false]);
    merges(scene);
    expect(world.state.merge).toBeDefined();
  });

  test('whose answer never came is taken back all the same', () => {
    const sent = approved({ handOver });
    const { handOver: there } = sent.world.state;
    if (there === undefined) throw new Error('nothing was handed over');
    sent.world.state = { ...sent.world.state, handOver: { ...there, isSent: true } };
    decide(sent.world, 'ann', { kind: 'pause', reason: 'later' });
    flow(sent.world);
    expect([sent.effects.at(-1), isThere(sent.world.github)]).toEqual(['take-back-merge', false]);
  });
});

test('what auto-merge has nothing to wait for is merged', () => {
  const { world, effects } = approved({ handOver: 'auto-merge' }, { isMergeable: true });
  expect(world.ended).toBe(true);
  expect(effects.filter(kind => kind === 'hand-over-merge' || kind === 'merge')).toEqual([
    'hand-over-merge',
    'merge',
  ]);
});

test('a branch with a merge queue holds before the gate, unless the policy hands over to it', () => {
  const checks = { required: ['test'] };
  const rules = { mergeRules: { mergeQueue: true, linearHistory: true } } as const;
  const held = approved({ handOver: 'none', checks }, rules);
  expect(nextStep(held.world.state)).toMatchObject({
    hold: { kind: 'blocked', what: expect.stringContaining('set merge.handOver: queue in the policy') },
  });
  const handed = approved({ checks }, rules);
  expect(nextStep(handed.world.state)).toMatchObject({ kind: 'wait', for: 'merge' });
});

test('the branch may move while GitHub has it: what arrives is verified afterwards', () => {
  const scene = approved();
  const { world } = scene;
  world.github = { ...world.github, base: 'base-2' };
  merges(scene);
  expect(world.state.arrival?.base).toBe('base-2');
  expect(world.state.candidate).toMatchObject({ base: 'base-2', isLate: true });
  expect(world.ended).toBe(true);
});

test('what GitHub does not give back is a hold, asked once until a retry', () => {
  const { world, effects } = approved();
  decide(world, 'ann', { kind: 'pause', reason: 'later' });
  world.settle();
  const effect = world.effect?.effect;
  if (effect?.kind !== 'take-back-merge') throw new Error('it is not taken back');
  world.land({ type: 'step-failed', effect, failure: 'GitHubForbidden', message: 'not allowed' });
  flow(world);
  const taken = () => effects.filter(kind => kind === 'take-back-merge').length;
  expect([taken(), world.state.handOver?.stuck]).toEqual([1, 'not allowed']);
  expect(omit(world.state, 'paused').blocked?.reason).toBe('take-back-merge failed: not allowed');
  decide(world, 'ann', { kind: 'retry' });
  flow(world);
  // A retry ends the pause, too: it may stay there.
  expect([taken(), isThere(world.github)]).toEqual([1, true]);
});

test('an approval over Temporal hands over as well', () => {
  const policy = policyOf({ mode: 'auto-run', handOver: 'queue' });
  const world = new World(newGitHub({ policy }));
  flow(world);
  approve(world);
  flow(world);
  expect(isThere(world.github)).toBe(true);
});

/** The target branch moves below a head that stays, and what a merge brings when another one is faster. */
import { describe, expect, test } from '@jest/globals';
import { currentHold } from '../../src/domain/evolve/evolve.ts';
import { stageOf } from '../../src/domain/facts.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { flow } from './life/acts.ts';
import { atMerge, found, pulled, why } from './life/at-merge.ts';
import { approve, decide } from './life/people.ts';
import type { World } from './life/world.ts';

/** Some time after the policy was read. */
function approveLater(world: World): void {
  world.now += 1000;
  approve(world);
  flow(world);
}

describe('when the target branch moved below an approved change', () => {
  test('nothing is pushed: what a merge makes is verified, and the approval is carried over', () => {
    const world = atMerge();
    const before = world.state.pushed;
    world.github = { ...world.github, base: 'base-2' };
    approveLater(world);
    expect([world.state.pushed, world.state.merge?.head]).toEqual([before, before]);
    expect(world.state.candidate).toMatchObject({ base: 'base-2', verification: { onto: 'base-2' } });
    expect([world.state.runs.length, world.github.made.merges]).toEqual([1, 1]);
  });

  test('an approval that may not be carried over is asked for again, for the same head', () => {
    const strict = atMerge({ mode: 'auto-run', carryOver: 'never' });
    const head = strict.state.pushed;
    strict.github = { ...strict.github, base: 'base-2' };
    approveLater(strict);
    expect(currentHold(strict.state)).toBe('gate:merge');
    expect(why(strict)).toContain('the approval by ann is no longer valid; changed: the base commit');
    expect([strict.state.pushed, strict.github.made.merges]).toEqual([head, 0]);
    approveLater(strict);
    expect(strict.github.made.merges).toBe(1);
  });

  test('a head that must be up to date is built again, and its approval is carried over by the patch', () => {
    const rebuilt = atMerge({ mode: 'auto-run', upToDate: 'head' });
    const head = rebuilt.state.pushed;
    rebuilt.github = { ...rebuilt.github, base: 'base-2' };
    approveLater(rebuilt);
    expect(rebuilt.state.change).toMatchObject({ base: 'base-2', earlier: [head] });
    expect(rebuilt.state.merge?.head).toBe(rebuilt.state.change?.commit);
    expect([rebuilt.state.runs.length, rebuilt.github.made.merges]).toEqual([1, 1]);
  });

  test('nothing is verified again if the policy leaves that to others', () => {
    const free = atMerge({ mode: 'auto-run', upToDate: false });
    free.github = { ...free.github, base: 'base-2' };
    approveLater(free);
    expect(free.github.made.merges).toBe(1);
  });
});

test('when another merge was faster, what arrived is verified, and a failure is a hold for the release owner', () => {
  const world = atMerge();
  found(world, { base: 'base-2', below: { fails: true } });
  pulled(world, { state: 'closed', merged: { commit: 'merged-by-ben', by: 'ben' } });
  expect(world.state.arrival).toMatchObject({ base: 'base-2' });
  expect(why(world)).toContain('on which it was not verified before: test together: failed');
  expect(nextStep(world.state)).toMatchObject({ hold: { kind: 'blocked', who: 'ben' } });
  decide(world, 'ben', { kind: 'verify-release' });
  flow(world);
  expect(stageOf(world.state)).toBe('release-verified');
});

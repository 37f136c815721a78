/** What GitHub would refuse at the merge holds the issue before people are asked, as far as GitHub has told it. */
import { describe, expect, test } from '@jest/globals';
import type { MergeRules } from '../../src/domain/merge-rules.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import type { ObservedPullRequest } from '../../src/domain/observation.ts';
import { omit } from '../../src/domain/omit.ts';
import type { MergeMethod } from '../../src/domain/policy.ts';
import { flow } from './life/acts.ts';
import { type PolicyChoice, policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { approve, decide, poke } from './life/people.ts';
import { World } from './life/world.ts';

interface Scene extends PolicyChoice {
  readonly rules?: MergeRules;
  readonly mergeMethods?: readonly MergeMethod[];
  readonly pull?: Partial<ObservedPullRequest>;
}

/** A change whose pull request is open and whose checks have passed. */
function proposed({ rules, mergeMethods, pull, ...choice }: Scene): World {
  const github = newGitHub({
    policy: policyOf({ mode: 'auto-run', checks: { required: ['test'] }, ...choice }),
    ...(rules === undefined ? {} : { mergeRules: rules }),
    ...(mergeMethods === undefined ? {} : { mergeMethods }),
  });
  const world = new World(github);
  flow(world);
  if (pull !== undefined) change(world, pull);
  return world;
}

function change(world: World, pull: Partial<ObservedPullRequest>): void {
  const { pullRequest } = world.github;
  if (pullRequest === undefined) throw new Error('there is no pull request');
  world.github = { ...world.github, pullRequest: { ...pullRequest, ...pull } };
  poke(world, 'pull-request');
  flow(world);
}

const holdOf = (world: World) => {
  const step = nextStep(world.state);
  if (step.kind !== 'hold') throw new Error(`it is a ${step.kind}`);
  return step;
};

describe('a rule of the target branch', () => {
  test.each<readonly [MergeRules, PolicyChoice, RegExp]>([
    [{ mergeQueue: true }, {}, /main is merged by a merge queue/],
    [{ update: true }, {}, /updates of main are restricted/],
    [{ linearHistory: true }, {}, /main requires a linear history/],
    [{ mergeMethods: ['squash'] }, { method: 'rebase' }, /main does not allow rebase merges/],
    [{ signatures: true }, {}, /main requires signed commits, and ours is not signed/],
    [{ signatures: true }, { method: 'rebase' }, /GitHub does not sign the commits of a rebase/],
  ])('%j with %j holds before the gate, and ends by itself', (rules, choice, why) => {
    const world = proposed({ rules, ...choice });
    const { hold, until } = holdOf(world);
    expect(hold).toMatchObject({ kind: 'blocked', why: [expect.stringMatching(why)] });
    expect(until).toBeLessThan(world.now + 31 * 60_000);
    world.github = omit(world.github, 'mergeRules');
    world.advanceToTimer();
    flow(world);
    expect(holdOf(world).hold).toMatchObject({ kind: 'gate', gate: 'merge' });
  });

  test.each<readonly [MergeRules, PolicyChoice]>([
    [{ linearHistory: true }, { method: 'squash' }],
    [{ mergeMethods: ['squash', 'rebase'] }, { method: 'squash' }],
    [{ signatures: true }, { method: 'squash' }],
    [{ mergeQueue: true, update: true, signatures: true }, { mergeBy: 'person' }],
  ])('%j with %j holds nothing', (rules, choice) => {
    expect(holdOf(proposed({ rules, ...choice })).hold).toMatchObject({ kind: 'gate', gate: 'merge' });
  });

  test('that wants something of people is named at the gate', () => {
    const world = proposed({ rules: { codeOwners: true, deployments: ['staging'] } });
    expect(holdOf(world).hold).toMatchObject({
      gate: 'merge',
      why: expect.arrayContaining([
        'a rule of the target branch wants an approving review of a code owner',
        'a rule of the target branch wants deployments to staging',
      ]),
    });
    approve(world);
    flow(world);
    expect(world.state.merge).toBeDefined();
  });

  test('that wants signatures: the same change is built again with a retry', () => {
    const world = proposed({ rules: { signatures: true } });
    const { change: before } = world.state;
    decide(world, 'ann', { kind: 'retry' });
    world.settle();
    expect([before?.commit === undefined, world.state.change]).toEqual([false, undefined]);
  });

  test('that wants resolved conversations holds while there are others', () => {
    const world = proposed({ rules: { threadsResolved: true }, pull: { unresolvedThreads: 2 } });
    expect(holdOf(world).hold).toMatchObject({
      kind: 'blocked',
      why: ['2 conversations are not resolved, and main is merged only when all are'],
      what: expect.stringContaining('this hold then ends by itself'),
    });
    change(world, { unresolvedThreads: 1 });
    expect(holdOf(world).hold.why).toEqual([expect.stringMatching(/^1 conversation is not resolved/)]);
    change(world, { unresolvedThreads: 0 });
    expect(holdOf(world).hold).toMatchObject({ kind: 'gate', gate: 'merge' });
  });
});

test('the settings of the repository hold before the gate', () => {
  expect(holdOf(proposed({ mergeMethods: ['squash'] })).hold).toMatchObject({
    kind: 'blocked',
    why: ['the repository does not allow merge commits'],
    what: expect.stringContaining('set merge.method in the policy'),
  });
});

test.each(['archived', 'disabled'] as const)('a repository that is %s holds before the gate', readOnly => {
  expect(holdOf(proposed({ pull: { readOnly } })).hold).toMatchObject({
    kind: 'blocked',
    why: [`the repository is ${readOnly}`],
    what: 'unarchive or unlock the repository, then /retry',
  });
});

test('a conflict that nobody else looks for holds before the gate; unknown is none', () => {
  const conflict = { mergeable: false } as const;
  expect(holdOf(proposed({ upToDate: false, pull: conflict })).hold).toMatchObject({
    kind: 'blocked',
    why: ['pull request #70 conflicts with main'],
  });
  for (const pull of [{ mergeable: null }, { mergeable: true }])
    expect(holdOf(proposed({ upToDate: false, pull })).hold.gate).toBe('merge');
  expect(holdOf(proposed({ pull: conflict })).hold.gate).toBe('merge');
});

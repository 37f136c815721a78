/** The choice of the target branch: what names it, until when it follows, and a branch that is missing. */
import { describe, expect, test } from '@jest/globals';
import { currentHold } from '../../src/domain/evolve/evolve.ts';
import { stageOf } from '../../src/domain/facts.ts';
import { approvalDigest } from '../../src/domain/gate.ts';
import type { ObservedIssue } from '../../src/domain/observation.ts';
import type { TargetPolicy } from '../../src/domain/policy.ts';
import { namedTargets } from '../../src/domain/target.ts';
import { viewOf } from '../../src/domain/view.ts';
import { flow } from './life/acts.ts';
import { issueOf, type PolicyChoice } from './life/fixtures.ts';
import { approve } from './life/people.ts';
import { changed, HEADS, labelled, TARGET, what, why, worldOf } from './life/targets.ts';

const MINUTE_MS = 60_000;

describe('the choice', () => {
  type Named = readonly [TargetPolicy | undefined, Partial<ObservedIssue>, readonly string[]];
  test.each<[string, Named]>([
    ['nothing is named', [undefined, { labels: ['v1'] }, []]],
    ['a label', [TARGET, { labels: ['ai', 'v1'] }, ['stable/v1']]],
    ['a label in another case', [TARGET, { labels: ['V1'] }, ['stable/v1']]],
    ['a part of a label', [TARGET, { labels: ['v11', 'v'] }, []]],
    ['two labels', [TARGET, { labels: ['v2', 'v1'] }, ['stable/v1', 'stable/v2']]],
    ['two labels of one branch', [{ byLabel: { a: 'x', b: 'x' } }, { labels: ['a', 'b'] }, ['x']]],
    ['a milestone', [{ byMilestone: { '2.4': 'stable/v2' } }, { milestone: '2.4' }, ['stable/v2']]],
    ['a label is no milestone', [{ byMilestone: { v1: 'stable/v1' } }, { labels: ['v1'] }, []]],
    ['a milestone is no label', [TARGET, { milestone: 'v1' }, []]],
    [
      'a label against a milestone',
      [
        { ...TARGET, byMilestone: { '2.4': 'stable/v2' } },
        { labels: ['v1'], milestone: '2.4' },
        ['stable/v1', 'stable/v2'],
      ],
    ],
    ['a name of every object', [TARGET, { labels: ['constructor', '__proto__'] }, []]],
  ])('%s', (_what, [policy, issue, branches]) => {
    expect(namedTargets(policy, issueOf(issue)).map(({ branch }) => branch)).toEqual(branches);
  });

  test('a life goes to the branch that the label names, and nothing else', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    expect(world.state.claim).toMatchObject({ base: 'v1-head', into: 'stable/v1' });
    expect(world.state.runs.map(({ inputs }) => inputs.base)).toEqual(['v1-head']);
    expect(world.github.pullRequest?.base).toBe('stable/v1');
    expect(viewOf(world.state).target).toBe('stable/v1');
    approve(world);
    flow(world);
    expect([stageOf(world.state), world.github.made.merges]).toEqual(['release-verified', 1]);
  });

  test('without a label it goes to the branch of the policy, or to the default branch', () => {
    const policy: PolicyChoice = { mode: 'auto-run', target: { ...TARGET, branch: 'develop' } };
    expect(worldOf({}, policy).github.pullRequest?.base).toBe('develop');
    expect(worldOf({ labels: ['ai', 'v2'] }, policy).github.pullRequest?.base).toBe('stable/v2');
    const plain = worldOf();
    expect(plain.github.pullRequest?.base).toBe('main');
    expect(plain.state.claim).not.toHaveProperty('into');
    expect(plain.state.repository).not.toHaveProperty('target');
    expect(viewOf(plain.state)).not.toHaveProperty('target');
  });

  test('the default branch by name is the default branch', () => {
    const world = worldOf({}, { mode: 'auto-run', target: { branch: 'main' } });
    expect(world.state.claim).toEqual({ branch: world.state.claim?.branch, base: 'base-1' });
  });

  test('an analysis reads the target branch', () => {
    const world = worldOf({ labels: ['ai', 'v1'] }, { mode: 'analysis', target: TARGET });
    expect(world.state.runs.map(({ inputs }) => inputs.base)).toEqual(['v1-head']);
  });
});

describe('before the claim', () => {
  const guarded: PolicyChoice = { mode: 'guarded', target: TARGET };

  test('a change of the label changes the target and voids the approval, also with the same text', () => {
    const world = worldOf({ labels: ['ai', 'v1'] }, { ...guarded, publish: 'always' });
    expect(currentHold(world.state)).toBe('gate:start');
    const before = approvalDigest(world.state, 'start');
    labelled(world, 'v2');
    expect(approvalDigest(world.state, 'start')).not.toBe(before);
    labelled(world, 'v1');
    expect(approvalDigest(world.state, 'start')).toBe(before);
    labelled(world, 'v2');
    approve(world);
    flow(world);
    expect(world.state.claim).toMatchObject({ base: 'v2-head', into: 'stable/v2' });
  });

  test('the approval that was given for another target is named as void', () => {
    const world = worldOf({ labels: ['ai', 'v1'] }, guarded);
    approve(world);
    world.github = { ...world.github, issue: issueOf({ labels: ['ai'] }) };
    flow(world);
    expect(why(world)).toBe('the approval by ann is no longer valid; changed: the target branch');
    expect(world.github.made.branches).toBe(0);
    approve(world);
    flow(world);
    expect(world.state.claim).toMatchObject({ base: 'base-1' });
  });

  test('a contradiction holds the issue before anything is written', () => {
    const world = worldOf({ labels: ['ai', 'v1', 'v2'] });
    expect(currentHold(world.state)).toBe('blocked');
    expect(what(world)).toContain('keep the label or milestone of one branch');
    expect([world.state.runs.length, world.github.made.branches]).toEqual([0, 0]);
  });
});

describe('a branch that is missing', () => {
  const missing = { 'stable/v2': 'v2-head' };

  test('is looked for after a minute, then less often, and the ladder climbs meanwhile', () => {
    const world = worldOf({ labels: ['ai', 'v1'] }, undefined, { targets: missing });
    expect(why(world)).toBe('the target branch stable/v1 does not exist');
    expect(what(world)).toContain('create stable/v1 (it is found by itself)');
    const began = world.now;
    const records = world.state.audit.nextSeq;
    const pauses: number[] = [];
    for (let round = 0; round < 40; round++) {
      const before = world.now;
      world.advanceToTimer();
      flow(world);
      pauses.push(world.now - before);
    }
    expect(pauses[0]).toBe(MINUTE_MS);
    expect(Math.max(...pauses)).toBe(30 * MINUTE_MS);
    expect(world.state.held).toMatchObject({ name: 'blocked', since: began });
    expect(world.state.audit.nextSeq).toBe(records);
    world.advance(24 * 60 * MINUTE_MS);
    flow(world);
    expect(world.state.held?.rung).toBe('reminded');
    expect(world.state.runs).toEqual([]);
  });

  test('is looked for once at a time: no timer fires while a look is on its way', () => {
    const world = worldOf({ labels: ['ai', 'v1'] }, undefined, { targets: missing });
    world.advanceToTimer();
    expect(world.upkeep?.upkeep).toMatchObject({ kind: 'look', facets: ['branch'] });
    expect(world.pause).toMatchObject({ until: (world.state.held?.since ?? 0) + 24 * 60 * MINUTE_MS });
    flow(world);
    expect(world.pause).toMatchObject({ until: world.now + MINUTE_MS });
  });

  test('continues by itself when it is there', () => {
    const world = worldOf({ labels: ['ai', 'v1'] }, undefined, { targets: missing });
    world.github = { ...world.github, targets: HEADS };
    world.advanceToTimer();
    flow(world);
    expect(world.github.pullRequest?.base).toBe('stable/v1');
  });

  test('ends at once when the label names another one', () => {
    const world = worldOf({ labels: ['ai', 'v1'] }, undefined, { targets: missing });
    labelled(world, 'v2');
    expect(world.github.pullRequest?.base).toBe('stable/v2');
  });

  test('that was deleted under a pull request is named, and the verified change is kept', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    const { pullRequest } = world.github;
    if (pullRequest === undefined) throw new Error('there is no pull request');
    changed(world, { targets: missing, pullRequest: { ...pullRequest, state: 'closed' } });
    expect(why(world)).toBe('the target branch stable/v1 does not exist');
    expect(stageOf(world.state)).toBe('pr');
    world.github = { ...world.github, targets: HEADS };
    world.advanceToTimer();
    flow(world);
    expect(why(world)).toContain('was closed without a merge');
    changed(world, { pullRequest });
    expect(currentHold(world.state)).toBe('gate:merge');
    expect(world.state.runs).toHaveLength(1);
  });

  test('before an approved merge holds it', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    world.now += 1_000;
    world.github = { ...world.github, targets: missing };
    approve(world);
    flow(world);
    expect(why(world)).toBe('the target branch stable/v1 does not exist');
    expect(world.github.made.merges).toBe(0);
  });
});

/** What follows when the target branch changes or moves after the claim, and what a target branch decides. */
import { describe, expect, test } from '@jest/globals';
import { currentHold } from '../../src/domain/evolve/evolve.ts';
import { stageOf } from '../../src/domain/facts.ts';
import { approvalDigest } from '../../src/domain/gate.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { omit } from '../../src/domain/omit.ts';
import { withCommandsOf } from '../../src/domain/target-policy.ts';
import { viewOf } from '../../src/domain/view.ts';
import { flow } from './life/acts.ts';
import { HEADS as FOREIGN } from './life/branch.ts';
import { policyOf, type PolicyChoice } from './life/fixtures.ts';
import { withHead } from './life/github.ts';
import { approve, decide, poke, review } from './life/people.ts';
import { changed, HEADS, labelled, TARGET, what, why, worldOf } from './life/targets.ts';

describe('after the claim', () => {
  test('the head of the target branch is the base, and its move voids an approval that may not be carried over', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    world.now += 1_000;
    world.github = { ...world.github, base: 'base-2' };
    approve(world);
    flow(world);
    expect(world.github.made.merges).toBe(1);

    const moved = worldOf({ labels: ['ai', 'v1'] }, { mode: 'auto-run', target: TARGET, carryOver: 'never' });
    moved.now += 1_000;
    moved.github = { ...moved.github, targets: { ...HEADS, 'stable/v1': 'v1-moved' } };
    approve(moved);
    flow(moved);
    expect(why(moved)).toContain('changed: the base commit');
    expect(moved.state.candidate?.base).toBe('v1-moved');
    expect(moved.state.audit.records.map(({ cause }) => cause)).toContain('stable/v1 moved to v1-moved');
  });

  test('another target cancels the run and asks; nothing is paid until a person says so', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    labelled(world, 'v2');
    expect(currentHold(world.state)).toBe('blocked');
    expect(what(world)).toBe(
      '/retry to begin again on stable/v2, change the label or milestone back to continue on stable/v1, or /cancel',
    );
    expect([world.state.runs.length, world.github.pullRequest?.base]).toEqual([1, 'stable/v1']);
    labelled(world);
    expect(why(world)).toBe(
      'the target branch changed from stable/v1 to the default branch after the work began',
    );
  });

  test('after a retry the work begins on the new branch, with the same pull request', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    labelled(world);
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.claim).not.toHaveProperty('into');
    expect(world.state.runs.map(({ inputs }) => inputs.base)).toEqual(['v1-head', 'base-1']);
    expect(world.github.pullRequest?.base).toBe('main');
    expect(world.github.made).toMatchObject({ branches: 1, pullRequests: 1 });
    expect(world.state).not.toHaveProperty('retargetFrom');
    expect(world.state).not.toHaveProperty('runBaseDue');
    expect(world.state.audit.records.map(({ cause }) => cause)).toContain('/retry on the default branch');
    approve(world);
    flow(world);
    expect(world.github.made.merges).toBe(1);
  });

  test('adopted commits stay behind: their base is a commit of the old target', () => {
    const upToDate = { mode: 'auto-run', upToDate: false, target: TARGET } as const;
    const world = worldOf({ labels: ['ai', 'v1'] }, upToDate);
    world.github = withHead(world.github, FOREIGN.onTop);
    poke(world, 'pull-request');
    flow(world);
    decide(world, 'ann', { kind: 'adopt', head: FOREIGN.onTop });
    flow(world);
    expect(world.state.runs.at(-1)?.adopted).toBeDefined();
    labelled(world, 'v2');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.runs.at(-1)).not.toHaveProperty('adopted');
    expect(world.state.runs.at(-1)?.inputs.base).toBe('v2-head');
  });

  test('a branch at the same commit needs no other run, but another approval', () => {
    const same = { ...HEADS, 'stable/v2': 'v1-head' };
    const world = worldOf({ labels: ['ai', 'v1'] }, undefined, { targets: same });
    const digest = approvalDigest(world.state, 'merge');
    labelled(world, 'v2');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.runs).toHaveLength(1);
    expect(world.github.pullRequest?.base).toBe('stable/v2');
    expect(currentHold(world.state)).toBe('gate:merge');
    expect(approvalDigest(world.state, 'merge')).not.toBe(digest);
  });

  test('a review that approved the same commit for another target no longer counts', () => {
    const policy: PolicyChoice = { mode: 'auto-run', mergeBy: 'person', target: TARGET };
    const same = { ...HEADS, 'stable/v2': 'v1-head' };
    const world = worldOf({ labels: ['ai', 'v1'] }, policy, { targets: same });
    review(world, 'ben', 'approved');
    poke(world, 'pull-request');
    flow(world);
    expect(why(world)).toContain('approved by ben');
    labelled(world, 'v2');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(why(world)).toContain('the approval by ben is no longer valid; changed: the target branch');
    expect(world.state.runs).toHaveLength(1);
  });

  test('a target branch that becomes the default branch is the same target', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    const { repository } = world.state;
    if (repository === undefined) throw new Error('the repository was not read');
    const renamed = { ...world.state, repository: { ...repository, defaultBranch: 'stable/v1' } };
    expect(nextStep(renamed)).toMatchObject({ kind: 'hold', hold: { gate: 'merge' } });
  });

  test('a scheduler that does not read the target branch is not asked for ever', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    labelled(world, 'v2');
    decide(world, 'ann', { kind: 'retry' });
    for (let n = 0; n < 10 && world.effect?.effect.kind !== 'read-policy'; n++) world.landUpkeep();
    const { policy, repository } = world.state;
    if (policy === undefined || repository === undefined) throw new Error('nothing was read');
    world.land({ type: 'policy-read', policy, repository: omit(repository, 'target') });
    flow(world);
    expect(why(world)).toBe('unexpected policy-read: it is not for stable/v2');
  });

  test('a retry onto a missing branch waits for it', () => {
    const world = worldOf({ labels: ['ai', 'v1'] }, undefined, { targets: { 'stable/v1': 'v1-head' } });
    labelled(world, 'v2');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(why(world)).toBe('the target branch stable/v2 does not exist');
    world.github = { ...world.github, targets: HEADS };
    world.advanceToTimer();
    flow(world);
    expect(world.state.runs.map(({ inputs }) => inputs.base)).toEqual(['v1-head', 'v2-head']);
    expect(world.github.pullRequest?.base).toBe('stable/v2');
  });

  test('a person who changes the base of the pull request is told the target', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    const { pullRequest } = world.github;
    if (pullRequest === undefined) throw new Error('there is no pull request');
    changed(world, { pullRequest: { ...pullRequest, base: 'main' } });
    expect([why(world), what(world)]).toEqual([
      'the base branch of pull request #70 was changed to main',
      'change it back to stable/v1, or /cancel',
    ]);
    changed(world, { pullRequest });
    expect(currentHold(world.state)).toBe('gate:merge');
  });

  test('after the merge a label changes nothing, and the release is looked for on the target branch', () => {
    const world = worldOf(
      { labels: ['ai', 'v1'] },
      { mode: 'auto-run', target: TARGET, verify: 'deployment' },
      { rewritten: true },
    );
    approve(world);
    flow(world);
    labelled(world, 'v2');
    expect(stageOf(world.state)).toBe('merged');
    poke(world, 'deployments');
    world.settle();
    expect(world.effect?.effect).toMatchObject({ kind: 'check-release', into: 'stable/v1' });
    flow(world);
    expect(viewOf(world.state).releaseOwes).toContain('the merge commit on stable/v1');
  });

  test('a retry for another reason changes no target', () => {
    const world = worldOf({ labels: ['ai', 'v1'] });
    const { claim } = world.state;
    decide(world, 'ann', { kind: 'reject', reason: 'not so' });
    labelled(world, 'v2');
    expect(why(world)).toBe('ann rejected at the merge gate: not so');
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.claim).toEqual(claim);
    expect(world.state).not.toHaveProperty('runBaseDue');
    expect(why(world)).toContain('the target branch changed');
  });
});

describe('the commands of a target branch', () => {
  const command = { name: 'test', run: 'make test' };
  const rules = policyOf();
  const own = {
    ...policyOf({ mode: 'auto-run', sources: ['temporal'], mergeBy: 'person' }),
    setUp: {
      commands: [command],
      inputs: ['Makefile'],
      network: ['evil.example'],
      timeoutMs: 9,
      whenInputsChange: 'run',
    },
    verification: { commands: [command], testPaths: ['t/**'], testCommand: 'make one', timeoutMs: 9 },
    change: { allowedPaths: ['x'], protectedPaths: ['y'], filesMax: 1, bytesMax: 1 },
  } as const;

  test('say what is run, and nothing else', () => {
    const { setUp, verification, ...others } = omit(rules, 'digest');
    expect(withCommandsOf(rules, own)).toEqual({
      ...others,
      setUp: { ...setUp, commands: [command], inputs: ['Makefile'] },
      verification: {
        commands: [command],
        testPaths: ['t/**'],
        testCommand: 'make one',
        timeoutMs: verification.timeoutMs,
      },
    });
  });

  test('leave nothing of the commands of the default branch', () => {
    const full = {
      ...rules,
      verification: { ...rules.verification, testFileCommand: 'make {file}', inputs: ['a'] },
    };
    expect(withCommandsOf(full, own).verification).not.toHaveProperty('testFileCommand');
    expect(withCommandsOf(full, own).verification).not.toHaveProperty('inputs');
    expect(withCommandsOf(rules, full).verification).toMatchObject({
      testFileCommand: 'make {file}',
      inputs: ['a'],
    });
  });
});

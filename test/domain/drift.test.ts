/** Every row of the drift table: what people do outside the rules, and what follows. A row without a story does not compile. */
import { describe, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DRIFT, type DriftName } from '../../src/domain/evolve/drift.ts';
import { currentHold } from '../../src/domain/evolve/evolve.ts';
import { stageOf } from '../../src/domain/facts.ts';
import { approvalFor } from '../../src/domain/gate.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { omit } from '../../src/domain/omit.ts';
import { flow } from './life/acts.ts';
import { atMerge, found, pulled, why } from './life/at-merge.ts';
import { HEADS } from './life/branch.ts';
import { issueOf, PEOPLE, policyOf, type PolicyChoice } from './life/fixtures.ts';
import { newGitHub, withHead } from './life/github.ts';
import { approve, decide, dismissReviews, poke, review } from './life/people.ts';
import { World } from './life/world.ts';

const DEPLOYED: PolicyChoice = { mode: 'auto-run', verify: 'deployment' };

const BY_LABEL = { v1: 'stable/v1', v2: 'stable/v2', v3: 'stable/v3' };

function forTarget(issue: Parameters<typeof issueOf>[0]): World {
  const world = new World(
    newGitHub({
      policy: policyOf({ mode: 'auto-run', target: { byLabel: BY_LABEL } }),
      targets: { 'stable/v1': 'v1-head', 'stable/v2': 'v2-head' },
      issue: issueOf(issue),
    }),
  );
  flow(world);
  return world;
}

function merged(world: World): World {
  approve(world);
  flow(world);
  expect(stageOf(world.state)).toBe('merged');
  return world;
}

/** Some time after the policy was read. */
function approveLater(world: World): void {
  world.now += 1000;
  approve(world);
  flow(world);
}

function waitsAtClaim(failure: (world: World) => void): World {
  const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run' }) }));
  failure(world);
  flow(world);
  return world;
}

/** A path names the test of a row that needs more than the domain. */
type Story = (() => void) | string;

const STORIES: Readonly<Record<DriftName, Story>> = {
  edited: () => {
    const world = found(atMerge(), { issue: issueOf({ edition: 2 }) });
    expect(world.state.runs.map(({ inputs }) => inputs.subject)).toEqual([
      issueOf().digest,
      issueOf({ edition: 2 }).digest,
    ]);
  },
  relabelled: () => {
    const world = new World(newGitHub({ policy: policyOf({ mode: 'guarded', mergeBy: 'person' }) }));
    flow(world);
    approve(world);
    flow(world);
    found(world, { issue: issueOf({ labels: ['ai', 'security'] }) });
    expect(approvalFor(world.state, 'start')).toBeUndefined();
    expect(why(world)).toContain('the risk (low, now high)');
  },
  optedOut: () => {
    for (const optIn of [null, { by: PEOPLE.reader.account, role: PEOPLE.reader.role }]) {
      const world = found(atMerge(), { issue: issueOf({ optIn }) });
      expect(currentHold(world.state)).toBe('paused');
      approve(world);
      flow(world);
      expect(world.github.made.merges).toBe(0);
    }
  },
  closed: () => {
    const world = found(atMerge(), { issue: issueOf({ state: 'closed' }) });
    expect([stageOf(world.state), world.ended]).toEqual(['cancelled', true]);
  },
  reopened: () => {
    const world = merged(atMerge(DEPLOYED));
    found(world, { issue: issueOf({ state: 'closed' }) });
    expect(world.state.closedAt).toBeDefined();
    found(world, { issue: issueOf() });
    expect(world.state.closedAt).toBeUndefined();
    world.github = {
      ...world.github,
      deployment: { state: 'success', containsMerge: true, url: '', since: world.now },
    };
    poke(world, 'deployments');
    flow(world);
    expect([stageOf(world.state), world.github.issue.state]).toEqual(['release-verified', 'closed']);
  },
  reopenedAfterEnd: 'test/lifecycle/generations.test.ts',
  left: () => {
    for (const gone of ['transferred', 'deleted'] as const) {
      const world = found(atMerge(), { gone });
      expect([stageOf(world.state), world.ended]).toEqual(['left', true]);
    }
  },
  unseen: () => {
    const world = found(atMerge(), { gone: 'not-found' });
    expect(currentHold(world.state)).toBe('blocked');
    expect(stageOf(world.state)).toBe('pr');
    world.github = omit(world.github, 'gone');
    poke(world, 'issue');
    flow(world);
    expect(currentHold(world.state)).toBe('gate:merge');
  },
  pullRequestClosed: () => {
    const world = pulled(atMerge(), { state: 'closed' });
    expect(why(world)).toContain('was closed without a merge');
    expect(world.github.made.pullRequests).toBe(1);
    expect(currentHold(pulled(world, { state: 'open' }).state)).toBe('gate:merge');
  },
  pullRequestRetargeted: () => {
    const world = pulled(atMerge(), { base: 'other' });
    expect(why(world)).toContain('was changed to other');
    expect(currentHold(pulled(world, { base: 'main' }).state)).toBe('gate:merge');
  },
  targetAmbiguous: () => {
    const world = forTarget({ labels: ['ai', 'v1', 'v2'] });
    expect(why(world)).toBe(
      'labels and milestone name different target branches (label “v1”: stable/v1; label “v2”: stable/v2)',
    );
    expect(world.github.made.branches).toBe(0);
    found(world, { issue: issueOf({ labels: ['ai', 'v2'] }) });
    expect(currentHold(world.state)).toBe('gate:merge');
    expect(world.github.pullRequest?.base).toBe('stable/v2');
  },
  targetChanged: () => {
    const world = forTarget({ labels: ['ai', 'v1'] });
    expect(currentHold(world.state)).toBe('gate:merge');
    found(world, { issue: issueOf({ labels: ['ai', 'v2'] }) });
    expect(why(world)).toBe('the target branch changed from stable/v1 to stable/v2 after the work began');
    expect(currentHold(found(world, { issue: issueOf({ labels: ['ai', 'v1'] }) }).state)).toBe('gate:merge');
    expect(world.state.runs).toHaveLength(1);
    found(world, { issue: issueOf({ labels: ['ai', 'v2'] }) });
    decide(world, 'ann', { kind: 'retry' });
    flow(world);
    expect(world.state.runs.map(({ inputs }) => inputs.base)).toEqual(['v1-head', 'v2-head']);
    expect(world.github.pullRequest?.base).toBe('stable/v2');
    expect(world.github.made).toMatchObject({ branches: 1, pullRequests: 1 });
    approveLater(world);
    expect(world.github.made.merges).toBe(1);
  },
  targetMissing: () => {
    const world = forTarget({ labels: ['ai', 'v3'] });
    expect(why(world)).toBe('the target branch stable/v3 does not exist');
    world.advanceToTimer();
    flow(world);
    expect(why(world)).toBe('the target branch stable/v3 does not exist');
    world.github = { ...world.github, targets: { 'stable/v3': 'v3-head' } };
    world.advanceToTimer();
    flow(world);
    expect(currentHold(world.state)).toBe('gate:merge');
    world.github = { ...world.github, targets: {} };
    pulled(world, { state: 'closed' });
    expect(why(world)).toBe('the target branch stable/v3 does not exist');
  },
  pullRequestDrafted: () => {
    const world = pulled(atMerge(), { draft: true });
    expect(why(world)).toContain('is a draft');
    expect(currentHold(pulled(world, { draft: false }).state)).toBe('gate:merge');
  },
  foreignCommits: () => {
    const world = atMerge();
    const { github } = world;
    found(world, withHead(github, 'foreign'));
    expect(why(world)).toContain('commits that were not verified (foreign)');
    expect(currentHold(found(world, withHead(github, world.state.pushed ?? '')).state)).toBe('gate:merge');
  },
  branchReplaced: () => {
    const world = atMerge();
    found(world, withHead(world.github, HEADS.replaced));
    const step = nextStep(world.state);
    expect(step.kind === 'hold' ? step.hold.what : '').toContain(
      'they cannot be adopted (the branch was replaced',
    );
  },
  adoptedHeadMoved: 'test/domain/adopt.test.ts',
  adoptedConflict: () => {
    const world = atMerge();
    found(world, withHead(world.github, HEADS.onTop));
    decide(world, 'ann', { kind: 'adopt', head: HEADS.onTop });
    flow(world);
    approveLater(world);
    expect(currentHold(world.state)).toBe('gate:merge');
    world.github = { ...world.github, base: 'base-2', movedBelow: [world.github.nextRun.path] };
    approveLater(world);
    expect(why(world)).toContain('moved and conflicts in src/price.ts; its commits on these files: base-2');
    expect([currentHold(world.state), world.state.runs.length]).toEqual(['blocked', 2]);
  },
  baseMoved: 'test/domain/moved-base.test.ts',
  baseChangedFiles: () => {
    const world = atMerge();
    world.github = { ...world.github, base: 'base-2', movedBelow: [world.github.nextRun.path] };
    approveLater(world);
    expect(world.state.runs.map(({ inputs }) => inputs.base)).toEqual(['base-1', 'base-2']);
    expect(currentHold(world.state)).toBe('gate:merge');
    expect(world.github.made).toMatchObject({ pullRequests: 1, merges: 0 });
  },
  mergedElsewhere: 'test/domain/moved-base.test.ts',
  mergedByPerson: () => {
    const world = pulled(atMerge(), { state: 'closed', merged: { commit: 'squashed', by: 'ben' } });
    expect(stageOf(world.state)).toBe('release-verified');
    expect(world.state.merge).toMatchObject({ commit: 'squashed', by: { login: 'ben' } });
  },
  mergedByBot: 'test/domain/bots.test.ts',
  mergedUnverified: () => {
    const world = pulled(atMerge(), {
      state: 'closed',
      head: 'foreign',
      merged: { commit: 'c', by: 'ben' },
    });
    expect(stageOf(world.state)).toBe('merged');
    expect(why(world)).toContain('not the verified commit');
    expect(nextStep(world.state)).toMatchObject({ hold: { kind: 'blocked', who: 'ben' } });
  },
  changesRequested: () => {
    const world = atMerge();
    review(world, 'ben', 'changes-requested');
    poke(world, 'pull-request');
    flow(world);
    expect(world.state.runs.map(({ feedback }) => feedback !== undefined)).toEqual([false, true]);
  },
  approvalTakenBack: () => {
    const takenBack = [dismissReviews, (world: World) => void found(world, { demoted: ['ben'] })];
    for (const takeBack of takenBack) {
      const world = atMerge({ mode: 'auto-run', mergeBy: 'person' });
      review(world, 'ben', 'approved');
      poke(world, 'pull-request');
      flow(world);
      expect(approvalFor(world.state, 'merge')).toBeDefined();
      takeBack(world);
      poke(world, 'pull-request');
      flow(world);
      expect(approvalFor(world.state, 'merge')).toBeUndefined();
    }
  },
  branchTaken: () => {
    const world = waitsAtClaim(w => {
      const branch = { name: 'ai/issue-7-prices-are-rounded-twice', head: 'of-others' };
      w.github = { ...w.github, branch };
    });
    expect(why(world)).toContain('claim-branch failed: it was BranchTaken');
    expect(world.github.made.branches).toBe(0);
  },
  branchBlocked: 'test/activities/scheduler/claim.test.ts',
  branchMoved: () => {
    const world = waitsAtClaim(w => {
      w.settle();
      for (let round = 0; round < 40 && w.effect?.effect.kind !== 'push-commit'; round++)
        if (w.upkeep === undefined) w.land();
        else w.landUpkeep();
      w.github = withHead(w.github, 'of-others');
    });
    expect(why(world)).toContain('the branch has 1 commit by ben, not verified (head of-others)');
    expect(world.github.branch?.head).toBe('of-others');
    expect(world.github.branch?.head).toBe('of-others');
  },
  comment: 'test/activities/scheduler/projection.test.ts',
};

describe('drift', () => {
  test.each(Object.entries(STORIES))('%s', (name, story) => {
    expect(DRIFT[name as DriftName].then.length).toBeGreaterThan(3);
    if (typeof story === 'string') expect(existsSync(join(import.meta.dirname, '../..', story))).toBe(true);
    else story();
  });
});

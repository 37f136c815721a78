/** Bots are bots: what they do is nobody's judgement, and they own nothing. */
import { describe, expect, test } from '@jest/globals';
import { decisionProblem } from '../../src/domain/decision-problem.ts';
import type { DecisionRequest } from '../../src/domain/decision.ts';
import { currentHold, evolve } from '../../src/domain/evolve/evolve.ts';
import { stageOf } from '../../src/domain/facts.ts';
import { releaseOwnerOf } from '../../src/domain/hold.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import type { Observation } from '../../src/domain/observation.ts';
import { statusText } from '../../src/domain/status-comment.ts';
import { flow } from './life/acts.ts';
import { atMerge, found, pulled, why } from './life/at-merge.ts';
import { issueOf } from './life/fixtures.ts';
import { approve, poke, review } from './life/people.ts';
import type { World } from './life/world.ts';

const BY_PERSON = { mode: 'auto-run', mergeBy: 'person' } as const;
const QUEUE = { commit: 'queued', by: 'github-merge-queue[bot]', type: 'Bot' } as const;

/** The last record of what one look finds. */
function recordOf({ state }: World, observation: Omit<Observation, 'facets'>) {
  const event = { type: 'observed', observation: { facets: [], ...observation }, mark: state.mark } as const;
  return evolve(state, { ...event, at: state.at + 1 }).audit.records.at(-1);
}

/** The record of a merge that was done by others. */
function mergeRecord(world: World, merged: NonNullable<Observation['pullRequest']>['merged']) {
  const { pullRequest } = world.state;
  if (pullRequest === undefined) throw new Error('there is no pull request');
  return recordOf(world, { pullRequest: { ...pullRequest, state: 'closed', merged } });
}

function approvedByReview(): World {
  const world = atMerge(BY_PERSON);
  review(world, 'ben', 'approved');
  poke(world, 'pull-request');
  flow(world);
  return world;
}

test('closing the issue is the judgement of a person, and of no bot', () => {
  const judgedBy = (type: 'User' | 'Bot', login: string) =>
    recordOf(atMerge(), { issue: issueOf({ state: 'closed', closedBy: { login, type } }) });
  expect(judgedBy('User', 'ben')).toMatchObject({
    ...{ judgement: 'product', actor: { kind: 'person', login: 'ben' } },
  });
  expect(judgedBy('Bot', 'stale[bot]')).toMatchObject({
    ...{ judgement: 'automatic', actor: { kind: 'outside', what: 'the bot stale[bot]' } },
  });
  const closed = found(atMerge(), {
    issue: issueOf({ state: 'closed', closedBy: { login: 'stale[bot]', type: 'Bot' } }),
  });
  expect(stageOf(closed.state)).toBe('cancelled');
});

describe('a merge by a bot', () => {
  test('that nobody approved has no judgement, and the release gate asks a person', () => {
    const world = pulled(atMerge(), { state: 'closed', merged: QUEUE });
    expect(world.state.merge?.by).toEqual({ kind: 'outside', what: 'the bot github-merge-queue[bot]' });
    expect(currentHold(world.state)).toBe('gate:release');
    expect(why(world)).toContain('no person approved the merge');
    expect(nextStep(world.state)).toMatchObject({ hold: { who: 'lead' } });
    approve(world, 'ben');
    flow(world);
    expect(stageOf(world.state)).toBe('release-verified');
  });

  test.each([
    [QUEUE, 'the bot github-merge-queue[bot]'],
    [{ commit: 'c', by: 'acme', type: 'other' }, 'the account acme'],
    // Read before types were.
    [{ commit: 'c', by: 'mergify[bot]' }, 'the bot mergify[bot]'],
  ] as const)('is recorded as done by it: %j', (merged, what) => {
    expect(mergeRecord(atMerge(), merged)).toMatchObject({
      ...{ judgement: 'automatic', actor: { kind: 'outside', what } },
      cause: `merged by ${what}, without a valid approval`,
    });
  });

  test.each([
    { commit: 'c', by: 'ben' },
    { commit: 'c', by: 'ben', type: 'User' },
  ] as const)('is told from that of a person: %j', merged => {
    expect(mergeRecord(atMerge(), merged)).toMatchObject({
      ...{ judgement: 'engineering', actor: { kind: 'person', login: 'ben' }, cause: 'merged by ben' },
    });
  });

  test('that a person approved is the judgement of that person, who owns the release', () => {
    expect(mergeRecord(approvedByReview(), QUEUE)).toMatchObject({
      ...{ judgement: 'engineering', actor: { login: 'ben' } },
      cause: 'merged by the bot github-merge-queue[bot], as ben approved',
    });
    const { state } = pulled(approvedByReview(), { state: 'closed', merged: QUEUE });
    expect(stageOf(state)).toBe('release-verified');
    expect(statusText(state, nextStep(state))).toContain(
      'by ben through github-merge-queue\\[bot\\]; release owner: ben',
    );
  });

  test('may be found by the same look as the approval', () => {
    const world = atMerge(BY_PERSON);
    review(world, 'ben', 'approved');
    pulled(world, { state: 'closed', merged: QUEUE });
    expect(world.state.merge).toMatchObject({ by: { login: 'ben' }, through: QUEUE.by });
  });

  test('is not covered by an approval that came after it', () => {
    const world = atMerge(BY_PERSON);
    world.now += 60_000;
    review(world, 'ben', 'approved');
    pulled(world, { state: 'closed', merged: { ...QUEUE, at: 1 } });
    expect(world.state.merge?.by.kind).toBe('outside');
  });

  test.each([
    ['another head', { head: 'foreign' }, 'ben'],
    ['a review of a bot', {}, 'robot'],
    ['a review without the role', {}, 'reader'],
  ] as const)('is not covered by %s', (_what, change, by) => {
    const world = atMerge(BY_PERSON);
    review(world, by, 'approved');
    pulled(world, { ...change, state: 'closed', merged: QUEUE });
    expect(world.state.merge?.by.kind).toBe('outside');
  });
});

describe('no bot', () => {
  test('becomes the owner of a release, whoever merged', () => {
    const { state } = pulled(atMerge(), { state: 'closed', merged: QUEUE });
    const nobody = { ...state.policy?.escalation, to: '' };
    const policyWith = (change: object) =>
      ({ ...state, policy: { ...state.policy, ...change } }) as typeof state;
    expect(releaseOwnerOf(state)).toBe('lead');
    expect(releaseOwnerOf(policyWith({ escalation: nobody }))).toBe('a maintainer');
    expect(releaseOwnerOf(policyWith({ release: { ...state.policy?.release, owner: 'rita' } }))).toBe('rita');
  });

  const problemOf = (request: DecisionRequest, by = 'ann') => {
    const { state } = pulled(atMerge(), { state: 'closed', merged: QUEUE });
    const actor = { kind: 'person', login: by, how: 'temporal' } as const;
    return decisionProblem(state, { id: 'd', source: 'temporal', by: actor, ...request })?.message;
  };

  test.each(['assign-release-owner', 'escalate'] as const)('can be named by /%s', kind => {
    expect(problemOf({ kind, to: 'deploy[bot]' })).toBe('deploy[bot] is a bot; name a person');
    expect(problemOf({ kind, to: 'rita' })).toBeUndefined();
  });

  test('decides over Temporal', () => {
    expect(problemOf({ kind: 'verify-release' }, 'deploy[bot]')).toBe('only a person can decide');
    expect(problemOf({ kind: 'verify-release' }, 'ann')).toBeUndefined();
  });
});

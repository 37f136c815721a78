/** An approval is for exactly what was shown: every newer fact voids it, and what is not part of it does not. */
import { describe, expect, test } from '@jest/globals';
import { approvalDigest, approvalFor } from '../../src/domain/gate.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { flow } from './life/acts.ts';
import { issueOf, policyOf } from './life/fixtures.ts';
import { newGitHub, withHead } from './life/github.ts';
import { approve, decide, poke, review } from './life/people.ts';
import { World } from './life/world.ts';

function atMerge(): World {
  const world = new World(newGitHub({ policy: policyOf({ mergeBy: 'person' }) }));
  flow(world);
  approve(world);
  flow(world);
  review(world, 'ben', 'approved');
  poke(world, 'pull-request');
  flow(world);
  return world;
}

const standing = atMerge().state;

describe('an approval of the merge', () => {
  test('stands while nothing changes', () => {
    expect(approvalFor(standing, 'merge')).toMatchObject({ by: { login: 'ben' } });
  });

  const newer: readonly (readonly [string, Partial<IssueState>])[] = [
    ['the issue is edited', { subject: issueOf({ edition: 2 }) }],
    ['the policy is edited', { policy: policyOf({ mergeBy: 'person', edition: 2 }) }],
    ['the mode is set', { modeSet: 'auto-run' }],
    ['the base moves', { claim: { branch: standing.claim?.branch ?? '', base: 'base-2' } }],
    ['the risk rises', { subject: issueOf({ labels: ['ai', 'security'] }) }],
    ['the generation is another', { generation: 2 }],
    ['changes are asked for', { setAsideTo: 1 }],
    [
      'there is another change',
      { ...(standing.change ? { change: { ...standing.change, commit: 'c2' } } : {}) },
    ],
    [
      'there is other evidence',
      { ...(standing.evidence ? { evidence: { ...standing.evidence, digest: 'sha256:e2' } } : {}) },
    ],
    ['the issue is another', { issue: { ...standing.issue, number: 8 } }],
  ];
  test.each(newer)('is void when %s', (_what, change) => {
    const state = { ...standing, ...change };
    expect(approvalDigest(state, 'merge')).not.toBe(approvalDigest(standing, 'merge'));
    expect(approvalFor(state, 'merge')).toBeUndefined();
  });

  const idle: readonly (readonly [string, Partial<IssueState>])[] = [
    ['time goes by', { at: standing.at + 1_000_000 }],
    ['labels of ours come and go', { subject: issueOf({ labels: ['ai', 'ai:risk-high', 'ai:gate-merge'] }) }],
    ['a release owner is assigned', { releaseOwner: 'ann' }],
  ];
  test.each(idle)('still stands when %s', (_what, change) => {
    expect(approvalFor({ ...standing, ...change }, 'merge')).toBeDefined();
  });

  test('does not lead to a merge of a head that somebody pushed', () => {
    const world = atMerge();
    world.github = withHead(world.github, 'foreign');
    poke(world, 'branch');
    flow(world);
    expect(world.github.made.merges).toBe(0);
  });
});

describe('an approval of the start', () => {
  test('is not for the text as it is edited afterwards', () => {
    const world = new World();
    flow(world);
    world.github = { ...world.github, issue: issueOf({ edition: 2 }) };
    approve(world);
    poke(world, 'issue');
    flow(world);
    expect(world.state.runs.every(run => run.inputs.subject !== issueOf({ edition: 2 }).digest)).toBe(true);
    approve(world);
    flow(world);
    expect(world.state.runs.at(-1)?.inputs.subject).toBe(issueOf({ edition: 2 }).digest);
  });

  test('is asked again when the policy changed while it was waited for', () => {
    const world = new World();
    flow(world);
    world.github = { ...world.github, policy: policyOf({ edition: 2 }) };
    decide(world, 'ann', { kind: 'pause' });
    decide(world, 'ann', { kind: 'resume' });
    world.now += 1000;
    approve(world);
    flow(world);
    expect(world.state.policy?.digest).toBe(policyOf({ edition: 2 }).digest);
    expect(world.state.runs).toHaveLength(0);
    approve(world);
    flow(world);
    expect(world.state.runs).toHaveLength(1);
  });
});

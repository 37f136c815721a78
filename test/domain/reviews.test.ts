/** Reviews that do not count say why; one whose author's role could not be read is read again until it can be. */
import { describe, expect, test } from '@jest/globals';
import { digestOf } from '../../src/domain/digest.ts';
import { evolve } from '../../src/domain/evolve/evolve.ts';
import { approvalFor } from '../../src/domain/gate.ts';
import type { ObservedReview, RoleReading } from '../../src/domain/observation.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { flow } from './life/acts.ts';
import { policyOf, type PolicyChoice } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { World } from './life/world.ts';

const WRITE: RoleReading = { kind: 'role', role: 'write' };
const READ: RoleReading = { kind: 'role', role: 'read' };
const UNREADABLE: RoleReading = { kind: 'unreadable', why: 'GitHub answered 403' };

function atMergeGate(choice: PolicyChoice = {}): IssueState {
  const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run', ...choice }) }));
  flow(world);
  return world.state;
}

/** As the look reads them: only what is above the reviews that were seen. */
function reviewed(state: IssueState, role: RoleReading, changes: Partial<ObservedReview> = {}): IssueState {
  const { pullRequest } = state;
  if (pullRequest === undefined) throw new Error('there is no pull request yet');
  const review: ObservedReview = {
    reviewId: 5,
    author: { login: 'ben', type: 'User' },
    role,
    state: 'approved',
    commit: pullRequest.head,
    body: digestOf('fine'),
    ...changes,
  };
  const reviews = review.reviewId > state.reviewsSeen ? [review] : [];
  const observation = { facets: ['pull-request'], pullRequest: { ...pullRequest, reviews } } as const;
  return evolve(state, { type: 'observed', at: state.at + 1, observation, mark: state.mark });
}

const isApproved = (state: IssueState): boolean => approvalFor(state, 'merge') !== undefined;

describe('a review', () => {
  test('of a person with the role counts', () => {
    expect(isApproved(reviewed(atMergeGate(), WRITE))).toBe(true);
  });

  test('of a role that cannot be read does not count, says so, and counts once it can be', () => {
    const unread = reviewed(atMergeGate(), UNREADABLE);
    expect(isApproved(unread)).toBe(false);
    expect(unread.refusedDecision).toMatchObject({
      by: 'ben',
      why: expect.stringContaining('cannot read the role of ben'),
    });
    expect(isApproved(reviewed(unread, WRITE))).toBe(true);
  });

  test('that counted is taken back when the role cannot be read any more, and counts once it can be again', () => {
    const taken = reviewed(reviewed(atMergeGate(), WRITE), UNREADABLE);
    expect(isApproved(taken)).toBe(false);
    expect(taken.refusedDecision?.why).toContain('could not be read');
    expect(isApproved(reviewed(taken, WRITE))).toBe(true);
  });

  test('of too weak a role does not count, says so, and stays without effect', () => {
    const refused = reviewed(atMergeGate(), READ);
    expect(isApproved(refused)).toBe(false);
    expect(refused.refusedDecision?.why).toBe('ben has the role read, but write is required');
    expect(isApproved(reviewed(refused, WRITE))).toBe(false);
  });

  test('that asks for changes and does not count starts no run', () => {
    const state = reviewed(atMergeGate(), READ, { state: 'changes-requested' });
    expect(state.feedback).toBeUndefined();
    expect(state.refusedDecision).toMatchObject({ by: 'ben', kind: 'reject' });
  });

  test('is said not to count where the policy takes no decisions from GitHub', () => {
    const state = reviewed(atMergeGate({ sources: ['temporal'] }), WRITE);
    expect(isApproved(state)).toBe(false);
    expect(state.refusedDecision?.why).toContain('temporal');
  });

  test('of a bot, a comment, or of another commit says nothing', () => {
    const state = atMergeGate();
    const quiet: readonly Partial<ObservedReview>[] = [
      { author: { login: 'robot', type: 'Bot' } },
      { state: 'commented' },
      { commit: 'another' },
    ];
    for (const changes of quiet) expect(reviewed(state, READ, changes).refusedDecision).toBeUndefined();
  });

  test('leaves one record, however often it is read', () => {
    const once = reviewed(atMergeGate(), UNREADABLE);
    expect(reviewed(reviewed(once, UNREADABLE), UNREADABLE).audit.nextSeq).toBe(once.audit.nextSeq);
  });
});

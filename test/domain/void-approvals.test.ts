/** Whoever approved is told what changed since: at the gate that is asked anew, and when an older digest is named. */
import { describe, expect, test } from '@jest/globals';
import { boundTo } from '../../src/domain/bound-to.ts';
import { BOUND_PARTS, type BoundName, changedParts } from '../../src/domain/bound.ts';
import { decisionProblem } from '../../src/domain/decision-problem.ts';
import { GATES, type Gate } from '../../src/domain/decision.ts';
import { digestOf } from '../../src/domain/digest.ts';
import { approvalDigest, voidedBy } from '../../src/domain/gate.ts';
import { gateHold } from '../../src/domain/hold.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { projection } from '../../src/domain/projection.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { flow } from './life/acts.ts';
import { issueOf, policyOf } from './life/fixtures.ts';
import { newGitHub, withHead } from './life/github.ts';
import { approvalAsked, approve, decide, poke, review } from './life/people.ts';
import { World } from './life/world.ts';

function atRelease(): World {
  const world = new World(newGitHub({ policy: policyOf({ signOff: 'low', owner: 'ann' }) }));
  flow(world);
  approve(world);
  flow(world);
  review(world, 'ben', 'approved');
  poke(world, 'pull-request');
  flow(world);
  return world;
}

/** An approval of every gate, as things stand. */
const standing: IssueState = ((): IssueState => {
  const { state } = atRelease();
  const by = { kind: 'person', login: 'ann', how: 'temporal' } as const;
  const approvals = GATES.map(gate => ({
    gate,
    by,
    at: state.at,
    digest: approvalDigest(state, gate),
    bound: boundTo(state, gate),
  }));
  return { ...state, approvals };
})();

const other = <T extends object>(value: T | undefined, change: Partial<T>): T =>
  ({ ...value, ...change }) as T;

/** One newer fact for each part; what follows from another text or base is another change, or none yet. */
const newer: Readonly<Record<BoundName, Partial<IssueState>>> = {
  generation: { generation: 2 },
  subject: { subject: issueOf({ edition: 2 }) },
  policy: { policy: policyOf({ signOff: 'low', owner: 'ann', edition: 2 }) },
  mode: { modeSet: 'auto-run' },
  entryRisk: { subject: issueOf({ labels: ['ai', 'security'] }) },
  base: { claim: other(standing.claim, { base: 'base-2' }) },
  head: { change: other(standing.change, { commit: 'c2' }) },
  evidence: { evidence: other(standing.evidence, { digest: 'sha256:e2' }) },
  merge: { merge: other(standing.merge, { commit: 'another-merge' }) },
};

const cases = Object.entries(BOUND_PARTS).flatMap(([part, { from }]) =>
  GATES.slice(GATES.indexOf(from)).map(gate => [part as BoundName, gate] as const),
);

describe('an approval', () => {
  test.each(cases)('is told to be void by another %s, at the %s gate', (part, gate: Gate) => {
    const state = { ...standing, ...newer[part] };
    expect(voidedBy(state, gate)?.changed.join()).toContain(`the ${BOUND_PARTS[part].name}`);
    const [why = ''] = gateHold(state, gate).hold.why;
    expect(why).toMatch(/^the approval by ann is no longer valid; changed: /);
    expect(why).toContain(BOUND_PARTS[part].name);
  });

  test.each(GATES)('that stands is told to be void by nothing: %s', gate => {
    expect(voidedBy(standing, gate)).toBeUndefined();
    expect(gateHold(standing, gate).hold.why.join()).not.toContain('holds no longer');
  });

  test('names just the part that changed, words with what they were and are', () => {
    const changed = (part: BoundName, gate: Gate) => voidedBy({ ...standing, ...newer[part] }, gate)?.changed;
    expect(changed('subject', 'start')).toEqual(['the issue text']);
    expect(changed('mode', 'start')).toEqual(['the mode (guarded, now auto-run)']);
    expect(changed('entryRisk', 'start')).toEqual(['the risk (low, now high)']);
    expect(changed('evidence', 'merge')).toEqual(['the evidence']);
    expect(changed('merge', 'release')).toEqual(['the merge commit']);
  });

  test('is bound to the very parts that make its digest', () => {
    for (const gate of GATES) {
      const { issue } = standing;
      expect(approvalDigest(standing, gate)).toBe(digestOf({ gate, issue, ...boundTo(standing, gate) }));
    }
    expect(changedParts(boundTo(standing, 'merge'), boundTo(standing, 'merge'))).toEqual([]);
  });
});

describe('people see it', () => {
  test('an edit after the start was approved: the gate is asked again, and the status comment says why', () => {
    const world = new World();
    flow(world);
    approve(world);
    flow(world);
    world.github = { ...world.github, issue: issueOf({ edition: 2 }) };
    poke(world, 'issue');
    flow(world);
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { gate: 'start' } });
    expect(projection(world.state).comment).toContain(
      'the approval by ann is no longer valid; changed: the issue text',
    );
  });

  test('a push of somebody else: the hold names the commit, and which one was approved', () => {
    const world = new World(newGitHub({ policy: policyOf({ mergeBy: 'person' }) }));
    flow(world);
    approve(world);
    flow(world);
    approve(world, 'ben');
    flow(world);
    const { pushed = '' } = world.state;
    world.github = withHead(world.github, 'f0rced000000beef');
    poke(world, 'branch');
    flow(world);
    const why = `the branch has commits that were not verified (f0rced000000); the approval by ben covers only ${pushed.slice(0, 12)}`;
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { kind: 'blocked', why: [why] } });
  });

  test('who names the digest they were shown before an edit is told what changed, and the present one', () => {
    const world = new World();
    flow(world);
    const shown = approvalAsked(world) ?? { kind: 'approve' };
    world.github = { ...world.github, issue: issueOf({ edition: 2 }) };
    poke(world, 'issue');
    flow(world);
    decide(world, 'ann', shown);
    const present = approvalAsked(world)?.digest ?? '';
    expect(world.state.refusedDecision?.why).toBe(
      `digest ${shown.digest ?? ''} is no longer valid; changed: the issue text; the current digest is ${present}`,
    );
    expect(world.state.approvals).toEqual([]);
  });

  test('who names the digest of a gate that is passed is told which gate it was', () => {
    const world = new World();
    flow(world);
    const { digest = '' } = approvalAsked(world) ?? {};
    approve(world);
    flow(world);
    const by = { kind: 'person', login: 'ann', how: 'temporal' } as const;
    const again = { kind: 'approve', digest, id: 'again', source: 'temporal', by } as const;
    expect(decisionProblem(world.state, again)?.message).toContain('belongs to the start gate');
  });

  test('a digest that was never shown is only told not to be the present one', () => {
    const world = new World();
    flow(world);
    decide(world, 'ann', { kind: 'approve', digest: '0123456789ab' });
    expect(world.state.refusedDecision?.why).toContain('0123456789ab is not the one to approve now');
  });

  test('only the latest gates that were asked are remembered', () => {
    const world = new World();
    flow(world);
    for (let edition = 2; edition < 20; edition++) {
      world.github = { ...world.github, issue: issueOf({ edition }) };
      poke(world, 'issue');
      flow(world);
    }
    expect(world.state.asked).toHaveLength(10);
    expect(world.state.asked?.at(-1)?.digest).toBe(approvalDigest(world.state, 'start'));
  });
});

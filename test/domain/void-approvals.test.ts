/** An approval is bound to what was shown. Each newer fact voids it, and the gate says what changed. */
import { describe, expect, test } from '@jest/globals';
import { boundTo } from '../../src/domain/bound-to.ts';
import { BOUND_PARTS, type BoundName, changedParts } from '../../src/domain/bound.ts';
import { GATES, type Gate } from '../../src/domain/decision.ts';
import { digestOf } from '../../src/domain/digest.ts';
import { approvalDigest, approvalFor, voidedBy } from '../../src/domain/gate.ts';
import { gateHold } from '../../src/domain/hold.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { projection } from '../../src/domain/projection.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { flow } from './life/acts.ts';
import { issueOf, policyOf } from './life/fixtures.ts';
import { approve, decide, poke } from './life/people.ts';
import { World } from './life/world.ts';
import { Scene } from './mutants/scene.ts';

/** A state with a valid approval of every gate. */
const standing: IssueState = ((): IssueState => {
  const { state } = new Scene({ signOff: 'low', owner: 'ann' }).until('release').world;
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

/** One newer fact for each bound part. */
const newer: Readonly<Record<BoundName, Partial<IssueState>>> = {
  generation: { generation: 2 },
  subject: { subject: issueOf({ edition: 2 }) },
  policy: { policy: policyOf({ signOff: 'low', owner: 'ann', edition: 2 }) },
  mode: { modeSet: 'auto-run' },
  entryRisk: { subject: other(standing.subject, { labels: ['ai', 'security'] }) },
  target: { claim: other(standing.claim, { into: 'stable' }) },
  base: { claim: other(standing.claim, { base: 'base-2' }) },
  patch: { change: other(standing.change, { patch: 'another' }) },
  head: { change: other(standing.change, { commit: 'c2' }) },
  evidence: { evidence: other(standing.evidence, { digest: 'sha256:e2' }) },
  merge: { merge: other(standing.merge, { commit: 'another-merge' }) },
};

const cases = Object.entries(BOUND_PARTS).flatMap(([part, { from }]) =>
  GATES.slice(GATES.indexOf(from)).map(gate => [part as BoundName, gate] as const),
);

describe('an approval', () => {
  test.each(cases)('is voided by another %s, and the %s gate says so', (part, gate: Gate) => {
    const state = { ...standing, ...newer[part] };
    expect(voidedBy(state, gate)?.changed.join()).toContain(`the ${BOUND_PARTS[part].name}`);
    const [why = ''] = gateHold(state, gate).hold.why;
    expect(why).toMatch(/^the approval by ann is no longer valid; changed: /);
    expect(why).toContain(BOUND_PARTS[part].name);
  });

  test.each(GATES)('of the %s gate is valid while nothing changes', gate => {
    expect(voidedBy(standing, gate)).toBeUndefined();
    expect(gateHold(standing, gate).hold.why.join()).not.toContain('holds no longer');
  });

  test.each<readonly [string, Partial<IssueState>]>([
    ['another attempt is asked for', { setAsideTo: 1 }],
    ['the issue is another one', { issue: { ...standing.issue, number: 8 } }],
  ])('of the merge is no longer valid when %s', (_what, change) => {
    expect(approvalFor({ ...standing, ...change }, 'merge')).toBeUndefined();
  });

  test.each<readonly [string, Partial<IssueState>]>([
    ['time passes', { at: standing.at + 1_000_000 }],
    ['our labels change', { subject: other(standing.subject, { labels: ['ai', 'ai:risk-high'] }) }],
    ['a release owner is assigned', { releaseOwner: 'ann' }],
  ])('of the merge remains valid when %s', (_what, change) => {
    expect(approvalFor({ ...standing, ...change }, 'merge')).toBeDefined();
  });

  test('names only the part that changed, with the old and the new word', () => {
    const changed = (part: BoundName, gate: Gate) => voidedBy({ ...standing, ...newer[part] }, gate)?.changed;
    expect(changed('subject', 'start')).toEqual(['the issue text']);
    expect(changed('mode', 'start')).toEqual(['the mode (guarded, now auto-run)']);
    expect(changed('entryRisk', 'start')).toEqual(['the risk (low, now high)']);
    expect(changed('evidence', 'merge')).toEqual(['the evidence']);
    expect(changed('merge', 'release')).toEqual(['the merge commit']);
  });

  test('is bound to exactly the parts of its digest', () => {
    for (const gate of GATES) {
      const { issue } = standing;
      expect(approvalDigest(standing, gate)).toBe(digestOf({ gate, issue, ...boundTo(standing, gate) }));
    }
    expect(changedParts(boundTo(standing, 'merge'), boundTo(standing, 'merge'))).toEqual([]);
  });
});

describe('a voided approval', () => {
  test('opens the start gate again after an edit, and the status comment says why', () => {
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

  test('is not assumed for a digest that was never shown', () => {
    const world = new World();
    flow(world);
    decide(world, 'ann', { kind: 'approve', digest: '0123456789ab' });
    expect(world.state.refusedDecision?.why).toContain('0123456789ab is not the one to approve now');
  });

  test('is looked up among the ten gates that were asked last', () => {
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

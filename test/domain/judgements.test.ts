/** Every transition names who made it and by which kind of judgement: a person's, or an automatic rule by its name. */
import { describe, expect, test } from '@jest/globals';
import type { Actor } from '../../src/domain/actor.ts';
import type { AuditRecord } from '../../src/domain/audit.ts';
import {
  DECISION_KINDS,
  DECISION_RULES,
  type DecisionKind,
  GATE_JUDGEMENT,
  GATES,
  type Judgement,
  judgementOf,
} from '../../src/domain/decision.ts';
import { flow } from './life/acts.ts';
import { policyOf, type PolicyChoice } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { approvalAsked, approve, decide, poke } from './life/people.ts';
import { World } from './life/world.ts';

const KINDS_OF_PEOPLE = ['product', 'engineering', 'release'];

function recorded(choice: PolicyChoice = {}): { readonly world: World; readonly records: AuditRecord[] } {
  const records: AuditRecord[] = [];
  const world = new World(newGitHub({ policy: policyOf({ signOff: 'low', owner: 'ann', ...choice }) }), {
    applied: (before, _event, after) =>
      records.push(...after.audit.records.filter(({ seq }) => seq >= before.audit.nextSeq)),
  });
  return { world, records };
}

/** The record of the decision that a person just took. */
function lastOf(records: readonly AuditRecord[], kind: DecisionKind): AuditRecord | undefined {
  return records.findLast(({ cause }) => cause.startsWith(`/${kind}`));
}

describe('a gate', () => {
  test('is passed by its own kind of judgement: product at the start, engineering, release at the end', () => {
    const { world, records } = recorded({ publish: 'always' });
    const seen: (readonly unknown[])[] = [];
    for (let round = 0; round < 8 && !world.ended; round++) {
      flow(world);
      const gate = approvalAsked(world)?.gate;
      if (gate === undefined) continue;
      approve(world);
      seen.push([gate, lastOf(records, 'approve')?.judgement]);
    }
    expect(seen).toEqual(GATES.map(gate => [gate, GATE_JUDGEMENT[gate]]));
  });
});

describe('a decision', () => {
  const taken: Readonly<Record<Exclude<DecisionKind, 'approve'>, (world: World) => void>> = {
    reject: () => undefined,
    escalate: () => undefined,
    retry: world => decide(world, 'ann', { kind: 'reject' }),
    pause: () => undefined,
    resume: world => decide(world, 'ann', { kind: 'pause' }),
    cancel: () => undefined,
    'set-mode': () => undefined,
    'assign-release-owner': () => undefined,
    'verify-release': world => {
      for (let round = 0; round < 4 && world.state.merge === undefined; round++) {
        approve(world);
        flow(world);
      }
    },
  };

  test.each(Object.entries(taken))(
    'to %s is recorded with the kind of judgement in the table',
    (name, before) => {
      const kind = name as DecisionKind;
      const { world, records } = recorded();
      flow(world);
      before(world);
      const gate = approvalAsked(world)?.gate;
      decide(world, 'ann', { kind, reason: 'so it is', to: 'ann', mode: 'spike' });
      const record = lastOf(records, kind);
      const { judgement } = DECISION_RULES[kind];
      const expected = judgement === 'gate' ? GATE_JUDGEMENT[gate ?? 'start'] : judgement;
      expect(record).toMatchObject({ judgement: expected, actor: { kind: 'person', login: 'ann' } });
      expect(KINDS_OF_PEOPLE).toContain(record?.judgement);
    },
  );

  test('of every kind has one of the three, whatever gate is asked', () => {
    for (const kind of DECISION_KINDS)
      for (const gate of [...GATES, undefined])
        expect(KINDS_OF_PEOPLE).toContain(judgementOf({ kind }, gate));
  });
});

/** Generated sequences may show no other pairs: the guard of every life knows the same table. */
describe('whoever makes a transition', () => {
  const AUTO: PolicyChoice = { mode: 'auto-run' };
  const issueClosed = (world: World): void => {
    world.github = { ...world.github, issue: { ...world.github.issue, state: 'closed' } };
    poke(world, 'issue');
  };
  const failed = (world: World): void => {
    const { effect } = world.effect ?? {};
    if (effect !== undefined)
      world.land({ type: 'step-failed', effect, failure: 'GitHubForbidden', message: 'may not' });
  };

  test.each<readonly [string, Judgement, Actor['kind'], (world: World) => void]>([
    ['a worker that ended its run judges nothing', 'automatic', 'worker', () => undefined],
    ['a rule judges nothing', 'automatic', 'rule', () => undefined],
    ['a failure out there judges nothing', 'automatic', 'outside', failed],
    // Who closed an issue is not known, but that a person did: a judgement on the product from outside.
    ['a person who closed the issue judges the product', 'product', 'outside', issueClosed],
    [
      'a person who cancels judges the product',
      'product',
      'person',
      world => decide(world, 'ann', { kind: 'cancel' }),
    ],
    [
      'a person who approves the merge judges the engineering',
      'engineering',
      'person',
      world => approve(world),
    ],
  ])('%s', (...[, judgement, kind, happens]) => {
    const { world, records } = recorded(AUTO);
    world.settle();
    if (happens !== failed) flow(world);
    happens(world);
    flow(world);
    expect(records.map(({ actor, judgement: is }) => [actor.kind, is])).toContainEqual([kind, judgement]);
  });
});

/** Who may decide what and when, and which digest an approval must name. A refused decision is answered and changes nothing. */
import { describe, expect, test } from '@jest/globals';
import { decisionProblem } from '../../src/domain/decision-problem.ts';
import { type Decision, type DecisionRequest } from '../../src/domain/decision.ts';
import { issueStory } from '../../src/domain/view.ts';
import type { Role } from '../../src/domain/policy.ts';
import { ROLES } from '../../src/domain/policy.ts';
import { flow } from './life/acts.ts';
import { PEOPLE } from './life/fixtures.ts';
import { approvalAsked, comment, decide, poke } from './life/people.ts';
import type { World } from './life/world.ts';
import { Scene } from './mutants/scene.ts';

function heldAt(gate: 'start' | 'merge' | 'release'): World {
  const { world } = new Scene({ signOff: 'low', owner: 'ann' }).until(gate);
  expect(approvalAsked(world)?.gate).toBe(gate);
  return world;
}

function of(
  request: DecisionRequest & Pick<Decision, 'generation'>,
  by: Decision['by'] = { kind: 'person', login: 'ann', how: 'temporal' },
): Decision {
  const source = by.kind === 'person' && by.how !== 'temporal' ? 'github' : 'temporal';
  return { ...request, id: 'one', source, by };
}

const codeOf = (world: World, decision: Decision) => decisionProblem(world.state, decision)?.code;

describe('an approval', () => {
  test.each([
    ['no digest', { kind: 'approve' }, 'no-digest'],
    ['a digest of something else', { kind: 'approve', digest: '0123456789ab' }, 'stale-digest'],
    ['a digest cut short', { kind: 'approve', digest: '0' }, 'stale-digest'],
    ['another gate', { kind: 'approve', gate: 'merge', digest: '0123456789ab' }, 'wrong-gate'],
  ] as const)('is refused with %s', (_what, request, code) => {
    expect(codeOf(heldAt('start'), of(request))).toBe(code);
  });

  test('is refused with too few characters of the right digest', () => {
    const world = heldAt('start');
    const digest = approvalAsked(world)?.digest ?? '';
    expect(codeOf(world, of({ kind: 'approve', digest: digest.slice(0, 11) }))).toBe('stale-digest');
    expect(codeOf(world, of({ kind: 'approve', digest }))).toBeUndefined();
  });

  test.each(ROLES.map(role => [role, ['write', 'maintain', 'admin'].includes(role)] as const))(
    'by a person with the role %s on GitHub is accepted: %s',
    (role: Role, taken) => {
      const world = heldAt('start');
      const by = { kind: 'person', login: 'ann', how: 'github-comment', role } as const;
      const code = codeOf(world, of(approvalAsked(world) ?? { kind: 'approve' }, by));
      expect(code).toBe(taken ? undefined : 'not-allowed');
    },
  );

  test('of the release is accepted only from the named owner', () => {
    const world = heldAt('release');
    const asked = approvalAsked(world) ?? { kind: 'approve' };
    expect(codeOf(world, of(asked, { kind: 'person', login: 'ben', how: 'temporal' }))).toBe('not-allowed');
    expect(codeOf(world, of(asked, { kind: 'person', login: 'ANN', how: 'temporal' }))).toBeUndefined();
  });

  test.each(['robot', 'reader', 'unreadable', 'rewriter'] as const)(
    'in a comment by %s changes nothing',
    name => {
      const world = heldAt('start');
      comment(world, name, approvalAsked(world) ?? { kind: 'approve' });
      poke(world, 'comments');
      flow(world);
      expect(approvalAsked(world)?.gate).toBe('start');
      expect(world.state.refusedDecision?.by).toBe(PEOPLE[name].account.login);
      comment(world, 'ann', approvalAsked(world) ?? { kind: 'approve' });
      poke(world, 'comments');
      flow(world);
      expect(approvalAsked(world)?.gate).toBe('merge');
    },
  );
});

describe('a decision', () => {
  test.each([
    ['resume at a gate', 'start', { kind: 'resume' }, 'not-now'],
    ['pause at a gate', 'start', { kind: 'pause' }, undefined],
    ['cancel after the merge', 'release', { kind: 'cancel' }, 'not-now'],
    ['set-mode without a mode', 'start', { kind: 'set-mode' }, 'not-now'],
    ['pause for another generation', 'start', { kind: 'pause', generation: 2 }, 'old-generation'],
    ['pause for this generation', 'start', { kind: 'pause', generation: 1 }, undefined],
  ] as const)('to %s: gate %s, %j, code %s', (...[, gate, request, code]) => {
    expect(codeOf(heldAt(gate), of(request))).toBe(code);
  });

  test('after the end is refused as ended', () => {
    const world = heldAt('start');
    decide(world, 'ann', { kind: 'cancel' });
    flow(world);
    expect(codeOf(world, of({ kind: 'pause' }))).toBe('ended');
  });

  test('is answered under its id; the latest thirty answers are kept', () => {
    const world = heldAt('start');
    const push = (id: string, kind: Decision['kind']) =>
      world.push({ type: 'decision', decision: { ...of({ kind, reason: 'so' }), id } });
    push('a', 'pause');
    push('b', 'pause');
    expect(world.state.answers?.slice(-2)).toEqual([
      { id: 'a', taken: true, text: '/pause: so' },
      { id: 'b', taken: false, text: expect.stringContaining('paused') },
    ]);
    for (let count = 0; count < 32; count++) push(`c${count}`, 'pause');
    expect(world.state.answers?.map(({ id }) => id)).toEqual(
      Array.from({ length: 30 }, (_, index) => `c${index + 2}`),
    );
    expect(issueStory(world.state).answers).toBe(world.state.answers);
  });
});

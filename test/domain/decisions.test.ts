/** Who may decide what, when, and naming which digest; a refused decision changes nothing but is told. */
import { describe, expect, test } from '@jest/globals';
import { decisionProblem } from '../../src/domain/decision-problem.ts';
import { type Decision, type DecisionRequest, parseCommand } from '../../src/domain/decision.ts';
import { issueStory } from '../../src/domain/view.ts';
import type { Role } from '../../src/domain/policy.ts';
import { ROLES } from '../../src/domain/policy.ts';
import { flow } from './life/acts.ts';
import { PEOPLE, policyOf, type PolicyChoice } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { approvalAsked, approve, comment, decide, poke } from './life/people.ts';
import { World } from './life/world.ts';

function heldAt(gate: 'start' | 'merge' | 'release', choice: PolicyChoice = {}): World {
  const world = new World(newGitHub({ policy: policyOf({ signOff: 'low', owner: 'ann', ...choice }) }));
  flow(world);
  for (const asked of ['start', 'merge'] as const)
    if (approvalAsked(world)?.gate === asked && asked !== gate) {
      approve(world);
      flow(world);
    }
  expect(approvalAsked(world)?.gate).toBe(gate);
  return world;
}

function of(
  request: DecisionRequest,
  by: Decision['by'] = { kind: 'person', login: 'ann', how: 'temporal' },
): Decision {
  const source = by.kind === 'person' && by.how !== 'temporal' ? 'github' : 'temporal';
  return { ...request, id: 'one', source, by };
}

const codeOf = (world: World, decision: Decision) => decisionProblem(world.state, decision)?.code;

describe('an approval', () => {
  test('is taken with the digest that is shown at the gate', () => {
    const world = heldAt('start');
    expect(codeOf(world, of(approvalAsked(world) ?? { kind: 'approve' }))).toBeUndefined();
  });

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
    'of a person with the role %s on GitHub is taken: %s',
    (role: Role, taken) => {
      const world = heldAt('start');
      const by = { kind: 'person', login: 'ann', how: 'github-comment', role } as const;
      const code = codeOf(world, of(approvalAsked(world) ?? { kind: 'approve' }, by));
      expect(code).toBe(taken ? undefined : 'not-allowed');
    },
  );

  test('of the release is the named owner’s alone', () => {
    const world = heldAt('release');
    const asked = approvalAsked(world) ?? { kind: 'approve' };
    expect(codeOf(world, of(asked, { kind: 'person', login: 'ben', how: 'temporal' }))).toBe('not-allowed');
    expect(codeOf(world, of(asked, { kind: 'person', login: 'ANN', how: 'temporal' }))).toBeUndefined();
  });

  test('is refused where the policy takes no decisions from there', () => {
    const world = heldAt('start', { sources: ['github'] });
    expect(codeOf(world, of(approvalAsked(world) ?? { kind: 'approve' }))).toBe('not-allowed');
  });

  test.each(['robot', 'reader', 'unreadable', 'rewriter'] as const)(
    'in a comment of %s changes nothing',
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

  test('delivered twice is taken once', () => {
    const world = heldAt('start');
    const decision = of(approvalAsked(world) ?? { kind: 'approve' });
    world.push({ type: 'decision', decision });
    const given = world.state.approvals;
    world.push({ type: 'decision', decision });
    expect(given).toHaveLength(1);
    expect(world.state.approvals).toBe(given);
  });
});

describe('a decision', () => {
  test.each([
    ['resume', 'not-now'],
    ['retry', 'not-now'],
    ['verify-release', 'not-now'],
    ['set-mode', 'not-now'],
    ['assign-release-owner', 'not-now'],
    ['pause', undefined],
    ['cancel', undefined],
    ['reject', undefined],
    ['escalate', undefined],
  ] as const)('to %s at the start gate without arguments: %s', (kind, code) => {
    expect(codeOf(heldAt('start'), of({ kind }))).toBe(code);
  });

  test('to cancel comes too late after the merge', () => {
    expect(codeOf(heldAt('release'), of({ kind: 'cancel' }))).toBe('not-now');
  });

  test('is refused when the issue has ended', () => {
    const world = heldAt('start');
    decide(world, 'ann', { kind: 'cancel' });
    flow(world);
    expect(codeOf(world, of({ kind: 'pause' }))).toBe('ended');
  });

  test('has an answer under its id: taken, or refused with the reason; the latest ten are kept', () => {
    const world = heldAt('start');
    const push = (id: string, kind: Decision['kind']) =>
      world.push({ type: 'decision', decision: { ...of({ kind, reason: 'so' }), id } });
    push('a', 'pause');
    push('b', 'pause');
    expect(world.state.answers?.slice(-2)).toEqual([
      { id: 'a', taken: true, text: '/pause: so' },
      { id: 'b', taken: false, text: expect.stringContaining('paused') },
    ]);
    for (let count = 0; count < 12; count++) push(`c${count}`, 'pause');
    expect(world.state.answers?.map(({ id }) => id)).toEqual(
      Array.from({ length: 10 }, (_, index) => `c${index + 2}`),
    );
    expect(issueStory(world.state).answers).toBe(world.state.answers);
  });

  test.each([
    ['/approve merge 0123456789ab', { kind: 'approve', gate: 'merge', digest: '0123456789ab' }],
    ['\n  \n/reject not so', { kind: 'reject', reason: 'not so' }],
    ['/set-mode spike', { kind: 'set-mode', mode: 'spike' }],
    ['/set-mode wild', undefined],
    ['> /approve', undefined],
    ['```\n/approve\n```', undefined],
    ['please /approve', undefined],
    ['/approved', undefined],
  ])('is read from the comment %j as %j', (text, request) => {
    expect(parseCommand(text)).toEqual(request);
  });
});

/** Generations: who may begin an issue again, and that nothing of an earlier one counts in the next. */
import { describe, expect, test } from '@jest/globals';
import { begin } from '../../src/domain/begin.ts';
import { claimBranchName } from '../../src/domain/branch.ts';
import { decisionProblem } from '../../src/domain/decision-problem.ts';
import { approvalDigest } from '../../src/domain/gate.ts';
import { beginsAgain, type IssueAct } from '../../src/domain/generation.ts';
import { projectedLabels, projection } from '../../src/domain/projection.ts';
import { endedLifeIn } from '../../src/domain/snapshot.ts';
import type { IssueState } from '../../src/domain/state.ts';
import { flow } from './life/acts.ts';
import { ISSUE } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { approvalAsked, decide } from './life/people.ts';
import { World } from './life/world.ts';

const ENDED = { generation: 3, actsReadTo: 40 };

describe('an ended issue begins again', () => {
  const act = (id: number, more: Partial<IssueAct> = {}): IssueAct => ({
    id,
    kind: 'reopened',
    by: { login: 'ann', type: 'User' },
    at: 0,
    ...more,
  });

  test.each([
    ['nothing happened', [], undefined],
    ['what its last life knew already', [act(39), act(40)], undefined],
    ['a person reopened it', [act(40), act(41)], 41],
    ['a person opted it in anew', [act(41, { kind: 'opted-in' })], 41],
    ['two did: the later counts', [act(41), act(42)], 42],
    ['a program reopened it', [act(41, { by: { login: 'stale[bot]', type: 'Bot' } })], undefined],
    ['nobody who is known reopened it', [act(41, { by: { login: 'ghost', type: 'other' } })], undefined],
  ] as const)('%s', (_what, acts, id) => {
    expect(beginsAgain(ENDED, acts)?.id).toBe(id);
  });
});

/** Two lives that differ in their generation alone, both at the start gate. */
function twoLives(): readonly [World, World] {
  const [first, second] = [new World(newGitHub()), new World(newGitHub())];
  second.state = begin({ issue: ISSUE, at: second.now, generation: 2 });
  for (const world of [first, second]) flow(world);
  return [first, second];
}

describe('the next generation', () => {
  test('asks for approvals of its own', () => {
    const [first, second] = twoLives();
    expect(approvalAsked(first)?.gate).toBe('start');
    expect(approvalAsked(second)?.gate).toBe('start');
    expect(approvalDigest(second.state, 'start')).not.toBe(approvalDigest(first.state, 'start'));
    const old = { ...(approvalAsked(first) ?? { kind: 'approve' }), ...person, id: 'old' } as const;
    expect(decisionProblem(first.state, old)).toBeUndefined();
    expect(decisionProblem(second.state, old)?.code).toBe('stale-digest');
  });

  test('takes no decision that was meant for another one', () => {
    const [, second] = twoLives();
    const pause = { kind: 'pause', ...person, id: 'pause' } as const;
    expect(decisionProblem(second.state, { ...pause, generation: 1 })?.code).toBe('old-generation');
    expect(decisionProblem(second.state, { ...pause, generation: 2 })).toBeUndefined();
    expect(decisionProblem(second.state, pause)).toBeUndefined();
  });

  test('has a branch, a run, a status comment and an audit chain of its own', () => {
    const [first, second] = twoLives();
    const branches = [1, 2].map(generation => claimBranchName({ issueNumber: 7, generation }, 'A title'));
    expect(new Set(branches).size).toBe(2);
    expect(projection(second.state).marker).not.toBe(projection(first.state).marker);
    expect(second.state.audit.records[0]?.previous).not.toBe(first.state.audit.records[0]?.previous);
  });

  const person = { source: 'temporal', by: { kind: 'person', login: 'ann', how: 'temporal' } } as const;
});

describe('the snapshot in the status comment', () => {
  const commentOf = (state: IssueState) => projection(state).comment;
  const cancelled = (): World => {
    const world = new World(newGitHub());
    flow(world);
    decide(world, 'ann', { kind: 'cancel' });
    flow(world);
    return world;
  };

  test('tells of a life that has ended, and of none that goes on', () => {
    const world = cancelled();
    const ended = { ...world.state, actsReadTo: 40 };
    expect(endedLifeIn([commentOf(ended)])).toEqual({ generation: 1, actsReadTo: 40 });
    const next = { ...begin({ issue: ISSUE, at: 0, generation: 2 }) };
    expect(endedLifeIn([commentOf(ended), commentOf(next)])).toBeUndefined();
    expect(endedLifeIn([commentOf(next)])).toBeUndefined();
  });

  test.each([
    ['nothing', ''],
    ['no JSON', '<!-- signalbox:snapshot {{ -->'],
    ['no life', '<!-- signalbox:snapshot [] -->'],
    ['no generation', '<!-- signalbox:snapshot {"stage":"cancelled","actsReadTo":1} -->'],
    [
      'a text for a number',
      '<!-- signalbox:snapshot {"stage":"cancelled","actsReadTo":1,"generation":"2"} -->',
    ],
  ])('says nothing when there is %s in it', (_what, comment) => {
    expect(endedLifeIn([comment])).toBeUndefined();
  });
});

test('labels of an earlier generation are known by their names; what people call by our prefix is theirs', () => {
  const found = ['ai', 'ai:risk-high', 'ai:gate-start', 'ai:paused', 'ai:go', 'bug'];
  expect(projectedLabels(found)).toEqual(['ai:risk-high', 'ai:gate-start', 'ai:paused']);
});

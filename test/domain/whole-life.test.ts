/** One issue from triage to a verified release, step by step as the workflow runs it. */
import { describe, expect, test } from '@jest/globals';
import { stageOf } from '../../src/domain/facts.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { OTHER_ENDS, STAGE_EDGES, STAGES } from '../../src/domain/stage.ts';
import type { Effect } from '../../src/domain/step.ts';
import { flow } from './life/acts.ts';
import { issueOf, policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { approve, poke, review } from './life/people.ts';
import { World } from './life/world.ts';

test('the table of stage changes names every stage; only a merge or a departure follows an end', () => {
  const named = new Set(STAGE_EDGES.flatMap(({ from, to }) => [from, to]));
  expect([...named].sort()).toEqual([...STAGES, ...OTHER_ENDS].sort());
  const ends: readonly string[] = ['release-verified', ...OTHER_ENDS];
  const afterEnds = STAGE_EDGES.filter(({ from }) => ends.includes(from)).map(({ to }) => to);
  expect(afterEnds.filter(to => to !== 'merged' && to !== 'left')).toEqual([]);
});

describe('the life of an issue', () => {
  test('passes every stage with a person at each gate, and closes the issue last', () => {
    const effects: Effect['kind'][] = [];
    const stages = new Set<string>();
    const world = new World(newGitHub({ policy: policyOf({ signOff: 'low', owner: 'ann' }) }), {
      starts: (_state, effect) => effects.push(effect.kind),
      applied: (_before, _event, after) => stages.add(stageOf(after)),
    });
    flow(world);
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { gate: 'start' } });
    approve(world);
    flow(world);
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { gate: 'merge' } });
    review(world, 'ben', 'approved');
    poke(world, 'pull-request');
    flow(world);
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { gate: 'release', who: 'ann' } });
    approve(world);
    flow(world);
    expect(world.ended).toBe(true);
    expect([...stages]).toEqual(['triage', 'claimed', 'working', 'pr', 'merged', 'release-verified']);
    expect(effects.at(-1)).toBe('close-issue');
    expect(effects.filter(kind => kind === 'merge')).toHaveLength(1);
    expect(world.github.issue.state).toBe('closed');
  });

  test('of an issue without an opt-in is not shown on GitHub', () => {
    const world = new World(newGitHub({ issue: { ...issueOf(), optIn: null } }));
    flow(world);
    const hold = { kind: 'paused', because: 'not-opted-in' };
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold });
    expect(world.state.projected).toBeUndefined();
    world.github = { ...world.github, issue: issueOf() };
    poke(world, 'issue');
    flow(world);
    expect(world.state.projected).toBeDefined();
    world.github = { ...world.github, issue: { ...issueOf(), optIn: null } };
    const before = world.state.projected;
    poke(world, 'issue');
    flow(world);
    expect(world.state.projected).not.toEqual(before);
  });
});

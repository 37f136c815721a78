/** One issue from triage to a verified release, as the interpreter of the workflow walks it. */
import { describe, expect, test } from '@jest/globals';
import { auditProblem, newTrail } from '../../src/domain/audit.ts';
import { chainName } from '../../src/domain/begin.ts';
import { stageOf } from '../../src/domain/facts.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import type { Effect } from '../../src/domain/step.ts';
import { flow } from './life/acts.ts';
import { issueOf, policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { approve, poke, review } from './life/people.ts';
import { World } from './life/world.ts';

describe('the life of an issue', () => {
  test('goes through every stage with a person at each gate, and closes the issue last', () => {
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

  test('of an issue that nobody opted in shows nowhere', () => {
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

  test('needs nobody but the merger where the project grants it', () => {
    const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run' }) }));
    flow(world);
    expect(nextStep(world.state)).toMatchObject({ kind: 'hold', hold: { gate: 'merge' } });
    approve(world, 'ben');
    flow(world);
    expect(stageOf(world.state)).toBe('release-verified');
    expect(world.state.merge?.by).toMatchObject({ login: 'ben' });
  });

  test('is stopped at the start gate by a contract that lacks a field', () => {
    const contract = {
      missing: ['Non-goals'],
      unclear: [],
      wordRisk: { level: 'low', reasons: [] },
    } as const;
    const world = new World(
      newGitHub({ policy: policyOf({ mode: 'auto-run' }), issue: issueOf({ contract }) }),
    );
    flow(world);
    expect(nextStep(world.state)).toMatchObject({
      kind: 'hold',
      hold: { gate: 'start', why: ['the contract lacks “Non-goals”'] },
    });
  });

  test('leaves one chain of records, each following from the one before', () => {
    const records: unknown[] = [];
    const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run' }) }), {
      applied: (before, _event, after) =>
        records.push(...after.audit.records.filter(record => record.seq >= before.audit.nextSeq)),
    });
    flow(world);
    approve(world);
    flow(world);
    expect(records.length).toBeGreaterThan(5);
    expect(auditProblem(records as never, newTrail(chainName(world.state)).head)).toBeUndefined();
  });
});

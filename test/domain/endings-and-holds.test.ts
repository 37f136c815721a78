/** Where each ending of a run leads, when limits are reached, and how the ladder of a hold climbs. */
import { describe, expect, test } from '@jest/globals';
import { ENDING_RULES, ENDINGS } from '../../src/domain/ending.ts';
import { FAILURES, isFailureName, fixForHold } from '../../src/domain/failure.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { flow } from './life/acts.ts';
import { policyOf, type PolicyChoice } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { World } from './life/world.ts';

function runsAs(ending: (typeof ENDINGS)[number], choice: PolicyChoice = {}): World {
  const policy = policyOf({ mode: 'auto-run', ...choice });
  const world = new World(newGitHub({ policy, nextRun: { ending, path: 'a.ts', concern: false } }));
  flow(world);
  return world;
}

const heldFor = (world: World): string => {
  const step = nextStep(world.state);
  return step.kind === 'hold' ? `${step.hold.kind}: ${step.hold.why.join()}` : step.kind;
};

describe('an ending', () => {
  const retried = ENDINGS.filter(
    name => ENDING_RULES[name].sequel === 'retry' && ENDING_RULES[name].counts === 'own',
  );
  test.each(retried)('%s is tried again, as often as the policy allows', ending => {
    const world = runsAs(ending);
    expect(world.state.runs).toHaveLength(3);
    expect(heldFor(world)).toMatch(/3 attempts are used up/);
  });

  const asked = ENDINGS.filter(name => ['ask', 'deliver'].includes(ENDING_RULES[name].sequel));
  test.each(asked)('%s asks a person after one run where a change was wanted', ending => {
    const world = runsAs(ending);
    expect(world.state.runs).toHaveLength(1);
    expect(heldFor(world)).toContain(ENDING_RULES[ending].meaning);
  });

  test('analysis delivers where a report was wanted', () => {
    expect(nextStep(runsAs('analysis', { mode: 'analysis' }).state)).toMatchObject({
      kind: 'end',
      stage: 'delivered',
    });
  });

  test('lost is counted apart, by its own limit', () => {
    expect(heldFor(runsAs('lost'))).toMatch(/2 runs were lost with their hosts/);
  });

  test('of a run that used the budget of the issue up lets no other run begin', () => {
    expect(heldFor(runsAs('crashed', { costUsdPerIssueMax: 0.15 }))).toMatch(/budget of 0.15 USD is used up/);
  });
});

describe('a failure', () => {
  test.each(Object.keys(FAILURES))('%s says what a person must do', name => {
    expect(isFailureName(name)).toBe(true);
    expect(fixForHold(name).length).toBeGreaterThan(20);
  });

  test('without a name counts as a defect, also under a name every object has', () => {
    for (const name of ['Strange', 'toString', '__proto__'])
      expect(fixForHold(name)).toBe(FAILURES.Unexpected);
  });
});

describe('a hold that nobody acts on', () => {
  test('reminds, escalates to the named person, and is parked at last', () => {
    const world = new World();
    flow(world);
    const rungs: unknown[] = [];
    for (let timers = 0; timers < 4; timers++) {
      world.advanceToTimer();
      flow(world);
      const step = nextStep(world.state);
      rungs.push([world.state.held?.rung, step.kind === 'hold' ? step.hold.who : step.kind]);
    }
    expect(rungs).toEqual([
      ['reminded', 'someone with the role write'],
      ['escalated', 'lead'],
      ['parked', 'lead'],
      ['parked', 'lead'],
    ]);
  });
});

/** Where each ending of a run leads, and how a hold climbs the ladder. */
import { describe, expect, test } from '@jest/globals';
import { ENDING_RULES, AGENT_ENDINGS } from '../../src/domain/ending.ts';
import { nextStep } from '../../src/domain/next-step.ts';
import { flow } from './life/acts.ts';
import { World } from './life/world.ts';
import { AUTO, Scene, type Setting } from './mutants/scene.ts';

const runsAs = (ending: (typeof AGENT_ENDINGS)[number], setting: Setting = AUTO): World =>
  new Scene({ ...setting, run: { ending } }).flow().world;

const heldFor = (world: World): string => {
  const step = nextStep(world.state);
  return step.kind === 'hold' ? `${step.hold.kind}: ${step.hold.why.join()}` : step.kind;
};

describe('an ending', () => {
  const retried = AGENT_ENDINGS.filter(
    name => ENDING_RULES[name].sequel === 'retry' && ENDING_RULES[name].counts === 'own',
  );
  test.each(retried)('%s leads to another attempt, as often as the policy allows', ending => {
    const world = runsAs(ending);
    expect(world.state.runs).toHaveLength(3);
    expect(heldFor(world)).toMatch(/3 attempts are used up/);
  });

  const asked = AGENT_ENDINGS.filter(name => ['ask', 'deliver'].includes(ENDING_RULES[name].sequel));
  test.each(asked)('%s asks a person after one run if a change was expected', ending => {
    const world = runsAs(ending);
    expect(world.state.runs).toHaveLength(1);
    expect(heldFor(world)).toContain(ENDING_RULES[ending].meaning);
  });

  test('analysis is delivered if a report was expected', () => {
    expect(nextStep(runsAs('analysis', { mode: 'analysis' }).state)).toMatchObject({
      kind: 'end',
      stage: 'delivered',
    });
  });
});

test('a run that the host cannot start holds the issue, and uses up no attempt', () => {
  const scene = new Scene(AUTO).untilEffect('run-agent').fail('RunnerFailed').flow();
  expect(heldFor(scene.world)).toMatch(/^blocked: run-agent failed/);
  scene.decide('ann', { kind: 'retry' }).untilEffect('run-agent');
  expect(scene.effect).toMatchObject({ kind: 'run-agent', attempt: 1 });
  expect(scene.world.state.runs).toHaveLength(1);
});

describe('a hold that nobody acts on', () => {
  test('is reminded of, escalated to the named person, then parked', () => {
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

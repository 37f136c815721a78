/** Who is called when, that nobody is called twice, and that a call goes away when it is done. */
import { describe, expect, test } from '@jest/globals';
import { calleesOf } from '../../src/domain/call-target.ts';
import { evolve } from '../../src/domain/evolve/evolve.ts';
import type { CallTarget } from '../../src/domain/mention.ts';
import type { ObservedIssue } from '../../src/domain/observation.ts';
import type { PolicyChoice } from './life/fixtures.ts';
import { issueOf } from './life/fixtures.ts';
import { approve, decide } from './life/people.ts';
import type { World } from './life/world.ts';
import { Scene, type Setting } from './mutants/scene.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Guarded, so that the start gate asks. */
const START: PolicyChoice = { mode: 'guarded' };

function scene({ github, ...choice }: Setting = {}): Scene {
  return new Scene({ ...START, ...choice, github: { calling: {}, ...github } }).flow();
}

/** At the start gate: a contract without a field. */
function atStart(part: Partial<ObservedIssue> = {}, setting: Setting = {}): Scene {
  const contract = { ...issueOf().contract, missing: ['Expected behavior'] };
  return scene({ ...setting, github: { issue: issueOf({ contract, ...part }), ...setting.github } });
}

const calls = ({ world }: Scene): readonly string[] =>
  (world.state.calls ?? []).map(({ hold, rung, who }) => `${hold} ${rung} ${who.join(' ')}`.trim());

const alive = ({ state }: World): readonly number[] =>
  (state.calls ?? []).flatMap(({ commentId, seq }) => (commentId === undefined ? [] : [seq]));

const opener = `@${issueOf().optIn?.by.login ?? ''}`;

describe('a gate', () => {
  test('calls the person who opted in, once, and the call is gone after the approval', () => {
    const asked = atStart();
    expect(calls(asked)).toEqual([`gate:start fresh ${opener}`]);
    expect(alive(asked.world)).toEqual([1]);
    asked.poked().flow();
    expect(calls(asked)).toHaveLength(1);
    asked.approve().flow();
    expect(alive(asked.world)).not.toContain(1);
    expect(calls(asked).filter(call => call.startsWith('gate:start'))).toHaveLength(1);
  });

  test('calls again on each rung, and then never', () => {
    const asked = atStart();
    for (let days = 0; days < 40; days += 1) {
      asked.world.advance(DAY_MS);
      asked.flow();
      expect(alive(asked.world)).toHaveLength(1);
    }
    expect(calls(asked)).toEqual([
      `gate:start fresh ${opener}`,
      `gate:start reminded ${opener}`,
      'gate:start escalated @lead',
      'gate:start parked @lead',
    ]);
  });

  test('that asks about an edited text, or after a pause, calls nobody a second time', () => {
    const asked = atStart();
    for (const edition of [2, 3, 4]) {
      const contract = { ...issueOf().contract, missing: ['Expected behavior'] };
      asked
        .github({ issue: issueOf({ contract, edition }) })
        .poked()
        .flow();
    }
    asked.do(world => decide(world, 'ann', { kind: 'pause' })).flow();
    expect(alive(asked.world)).toEqual([]);
    asked.do(world => decide(world, 'ann', { kind: 'resume' })).flow();
    expect(calls(asked)).toHaveLength(1);
  });

  test('that is answered before the look was over calls nobody', () => {
    const asked = new Scene({ ...START, mode: 'auto-run', github: { calling: {} } });
    asked.untilEffect('open-pull-request');
    asked.do(world => world.land());
    asked.do(world => approve(world, 'ann'));
    asked.flow();
    expect(calls(asked)).toEqual([]);
  });

  test('keeps its call while the change is built again on a moved base, and calls nobody again', () => {
    const asked = scene({ mode: 'auto-run' });
    expect(calls(asked)).toEqual([`gate:merge fresh ${opener}`]);
    asked.told('the default branch moves', 1).act('a webhook comes').flow();
    asked.do(world => decide(world, 'ann', { kind: 'retry' })).flow();
    expect(calls(asked)).toHaveLength(1);
    expect(alive(asked.world)).toEqual([1]);
  });

  test('that is answered within the first moments calls nobody, and costs nothing', () => {
    const asked = scene({ mode: 'auto-run', afterMs: 10_000 });
    expect(asked.world.pause).toMatchObject({
      do: 'rest',
      until: (asked.world.state.held?.since ?? 0) + 10_000,
    });
    asked.world.advance(9_999);
    expect(calls(asked.flow())).toEqual([]);
    asked.approve().flow();
    expect(asked.world.ended).toBe(true);
    expect(calls(asked)).toEqual([]);
  });

  test('that nobody answers then calls, without another look', () => {
    const asked = scene({ mode: 'auto-run', afterMs: 10_000 });
    asked.world.advance(10_000);
    expect(asked.world.upkeep?.upkeep.kind).toBe('call');
    asked.flow();
    expect(calls(asked)).toEqual([`gate:merge fresh ${opener}`]);
  });

  test('whose approval became void calls again', () => {
    const asked = scene({ mode: 'auto-run', mergeBy: 'person' });
    asked.approve().flow();
    expect(alive(asked.world)).toEqual([]);
    expect(calls(asked)).toHaveLength(1);
    asked
      .github({ issue: issueOf({ edition: 2 }) })
      .poked()
      .flow();
    expect(calls(asked).slice(1)).toEqual([`gate:merge fresh ${opener}`]);
  });

  test('that only waits for the merge of a person reminds of it later', () => {
    const asked = scene({ mode: 'auto-run', mergeBy: 'person' });
    asked.approve().flow();
    asked.world.advanceToTimer();
    asked.flow();
    expect(calls(asked)).toEqual([`gate:merge fresh ${opener}`, `gate:merge reminded ${opener}`]);
  });
});

describe('whom', () => {
  test.each([
    ['the author', ['author'], ['@zoe']],
    ['named people and teams, each once', ['@ann', '@acme/core', '@Ann'], ['@ann', '@acme/core']],
    ['the owners of the code', ['codeowners'], ['@acme/owners']],
  ] as const)('%s', (_name, call, who) => {
    const asked = scene({ mode: 'auto-run', call, github: { issue: issueOf({ author: 'zoe' }) } });
    expect(asked.world.state.calls?.[0]?.who).toEqual(who);
  });

  test('instead of an author whose name is no login, or a bot, the person who opted in', () => {
    for (const author of ['renovate[bot]', 'a b', 'x @everyone', '-x', 'x--y', ''])
      expect(calls(atStart({ author }, { call: ['author'] }))).toEqual([`gate:start fresh ${opener}`]);
    expect(calls(atStart({ author: 'x-y' }, { call: ['author'] }))).toEqual(['gate:start fresh @x-y']);
  });

  test('nobody, if the policy says so', () => {
    expect(calls(scene({ mode: 'auto-run', call: [] }))).toEqual([]);
  });

  test('not the account that Signalbox runs as', () => {
    const { state } = atStart({ author: 'Me' }).world;
    const own = (to: readonly CallTarget[], ownLogin: string) =>
      calleesOf({ ...state, ownLogin }, to).join(' ');
    expect(own(['author', '@acme/core'], 'me')).toBe('@acme/core');
    expect(own(['author', '@acme/core'], 'else')).toBe('@Me @acme/core');
  });

  test('a release gate calls its owner', () => {
    const asked = scene({ mode: 'auto-run', signOff: 'low', owner: 'rita' }).until('release');
    expect(calls(asked).at(-1)).toBe('gate:release fresh @rita');
  });
});

describe('another hold', () => {
  test('calls when it begins, again when a retry did not help, and not for another number in its reason', () => {
    const failing = (text: string, held: Scene): Scene => {
      held.untilEffect('claim-branch');
      const { effect } = held;
      return held
        .do(world => world.land({ type: 'step-failed', effect, failure: 'GitHubForbidden', message: text }))
        .flow();
    };
    const held = failing('no, until 12:01', new Scene({ mode: 'auto-run', github: { calling: {} } }));
    expect(calls(held)).toEqual(['blocked fresh @lead']);
    failing('no, until 13:30', held.decide('ann', { kind: 'retry' }));
    expect(calls(held)).toHaveLength(2);
    expect(alive(held.world)).toHaveLength(1);
  });

  test('a pause calls nobody', () => {
    const held = scene({ mode: 'auto-run', call: [] }).decide('ann', { kind: 'pause' }).flow();
    held.world.advance(30 * DAY_MS);
    expect(calls(held.flow())).toEqual([]);
  });
});

describe('quiet hours', () => {
  /** Begins at 22:13 UTC. */
  const asleep = (): Scene => atStart({}, { quiet: true });

  test('hold a call back until their end', () => {
    const asked = asleep();
    expect(calls(asked)).toEqual([]);
    const { pause } = asked.world;
    expect('until' in pause ? new Date(pause.until ?? 0).toISOString() : undefined).toMatch(
      /T06:00:00.000Z$/,
    );
    asked.world.advanceToTimer();
    asked.flow();
    expect(calls(asked)).toEqual([`gate:start fresh ${opener}`]);
  });

  test('and what was answered meanwhile is not called for', () => {
    const asked = asleep();
    asked.comment('ann');
    asked.world.advance(12 * HOUR_MS);
    asked.flow();
    expect(calls(asked).filter(call => call.startsWith('gate:start'))).toEqual([]);
  });
});

describe('the webhook', () => {
  const told = (setting: Setting): Scene =>
    new Scene({ mode: 'auto-run', ...setting, github: { calling: { webhook: true } } });

  test('is told of each call, without a comment too, and holds nothing up', () => {
    const asked = told({ call: [] });
    for (let steps = 0; steps < 60 && asked.world.notice === undefined; steps += 1) {
      asked.world.landUpkeep();
      asked.world.land();
    }
    expect(asked.world.notice?.notice).toMatchObject({ hold: 'gate:merge', rung: 'fresh', who: [] });
    asked.do(world => approve(world, 'ann'));
    asked.world.landUpkeep();
    expect(asked.world.effect?.effect.kind).toBe('read-policy');
    asked.flow();
    expect(asked.world.ended).toBe(true);
  });

  test('that gives up is recorded', () => {
    const asked = told({});
    for (let steps = 0; steps < 60 && asked.world.notice === undefined; steps += 1) {
      asked.world.landUpkeep();
      asked.world.land();
    }
    asked.act('the webhook gives up').flow();
    expect(asked.world.state.calls?.[0]?.notice).toEqual({ problem: 'it answered 500' });
    expect(asked.world.notice).toBeUndefined();
  });
});

test('a call that fails is recorded, and the issue goes on', () => {
  const asked = new Scene({ mode: 'auto-run', github: { calling: {} } });
  for (let steps = 0; steps < 60 && asked.world.upkeep?.upkeep.kind !== 'call'; steps += 1) {
    if (asked.world.upkeep?.upkeep.kind !== 'look' || asked.world.effect === undefined)
      asked.world.landUpkeep();
    asked.world.land();
  }
  asked.act('the upkeep fails for good').flow();
  expect(asked.world.state.calls).toMatchObject([{ who: [], problem: 'call failed: forbidden' }]);
  expect(asked.world.state.blocked).toBeUndefined();
  asked.approve().flow();
  expect(asked.world.ended).toBe(true);
});

test('a life that began before calls existed calls nobody', () => {
  const old = new Scene({ mode: 'auto-run' }).flow();
  expect(calls(old)).toEqual([]);
});

test('a result that comes twice is one call', () => {
  const { state } = atStart().world;
  const [call] = state.calls ?? [];
  if (call === undefined) throw new Error('nobody was called');
  const again = evolve(state, { type: 'called', call, who: call.who, commentId: 101, at: state.at });
  expect(again.calls).toHaveLength(1);
});

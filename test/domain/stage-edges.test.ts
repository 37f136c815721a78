/**
 * The changes of stage that are drawn are those that happen: each is brought about by every kind of event it names. That
 * there is no other one is watched in every generated life and in the bounded models (life/guard.ts).
 */
import { describe, expect, test } from '@jest/globals';
import type { Event, EventBody } from '../../src/domain/event.ts';
import { stageOf } from '../../src/domain/facts.ts';
import { STAGE_EDGES, STAGES, OTHER_ENDS } from '../../src/domain/stage.ts';
import type { IssueState } from '../../src/domain/state.ts';
import type { EffectKind } from '../../src/domain/step.ts';
import { flow } from './life/acts.ts';
import { issueOf, policyOf, type PolicyChoice } from './life/fixtures.ts';
import { type GitHub, newGitHub } from './life/github.ts';
import { approvalAsked, approve, comment, decide, poke, review } from './life/people.ts';
import { World } from './life/world.ts';

const drawn = new Map(STAGE_EDGES.map(({ from, to, by }) => [`${from} → ${to}`, by]));

type Seen = Map<string, Set<string>>;

function watchInto(seen: Seen): (before: IssueState, event: Event, after: IssueState) => void {
  return (before, event, after) => {
    const [from, to] = [stageOf(before), stageOf(after)];
    if (from === to) return;
    const name = `${from} → ${to}`;
    seen.set(name, (seen.get(name) ?? new Set()).add(causeOf(event)));
  };
}

const causeOf = (event: EventBody): string =>
  event.type === 'decision' ? `/${event.decision.kind}` : event.type;

/** What the next answer brings comes together with something else, before anything is done about either. */
function together(world: World, event: EventBody): void {
  world.perform();
  const answer = world.effect?.answer;
  world.effect = undefined;
  world.inbox = answer === undefined ? [event] : [answer, event];
  world.settle();
}

const GONE: EventBody = {
  type: 'observed',
  observation: { facets: ['issue'], issue: { gone: 'transferred' } },
};
const CLOSED: EventBody = {
  type: 'observed',
  observation: { facets: ['issue'], issue: issueOf({ state: 'closed' }) },
};
const CANCEL: EventBody = {
  type: 'decision',
  decision: {
    kind: 'cancel',
    id: 'c',
    source: 'temporal',
    by: { kind: 'person', login: 'ann', how: 'temporal' },
  },
};

type Story = readonly [choice: PolicyChoice, tell: (world: World) => void];

const upTo =
  (kind: EffectKind, then: (world: World) => void) =>
  (world: World): void => {
    for (let round = 0; round < 80 && world.effect?.effect.kind !== kind; round++) {
      if (world.upkeep !== undefined) world.landUpkeep();
      else if (world.effect !== undefined) world.land();
      else approve(world);
    }
    expect(world.effect?.effect.kind).toBe(kind);
    then(world);
    flow(world);
  };

const told = (change: (github: GitHub) => Partial<GitHub>) => (world: World) => {
  world.github = { ...world.github, ...change(world.github) };
  poke(world, 'issue', 'comments', 'pull-request');
  flow(world);
};

const closed = told(({ issue }) => ({ issue: { ...issue, state: 'closed' } }));
const gone = told(() => ({ gone: 'deleted' }));
const edited = told(() => ({ issue: issueOf({ edition: 2 }) }));
const cancelled = (world: World): void => decide(world, 'ann', { kind: 'cancel' });
const mergedByPerson = told(({ pullRequest }) =>
  pullRequest === undefined
    ? {}
    : { pullRequest: { ...pullRequest, state: 'closed', merged: { commit: 'by-hand', by: 'ben' } } },
);

const AUTO: PolicyChoice = { mode: 'auto-run' };
const HELD: PolicyChoice = { mode: 'auto-run', signOff: 'low', owner: 'ann' };

const atMerge = (then: (world: World) => void) => (world: World) => {
  flow(world);
  expect(approvalAsked(world)?.gate).toBe('merge');
  then(world);
  flow(world);
};

const atRelease = (then: (world: World) => void) =>
  atMerge(world => {
    approve(world);
    flow(world);
    then(world);
  });

const atStart = (then: (world: World) => void) => (world: World) => {
  flow(world);
  then(world);
  flow(world);
};

/** Each edge with each of its causes, and the whole lives between them. */
const STORIES: readonly Story[] = [
  [AUTO, atMerge(world => approve(world))],
  [{ mode: 'analysis' }, flow],
  [{ mode: 'spike' }, upTo('push-commit', flow)],
  [HELD, atRelease(world => approve(world))],
  [HELD, atRelease(world => decide(world, 'ann', { kind: 'verify-release' }))],
  [
    HELD,
    atRelease(world => {
      comment(world, 'ann', { kind: 'verify-release' });
      poke(world, 'comments');
    }),
  ],
  [{}, atStart(cancelled)],
  [{}, atStart(closed)],
  [{}, atStart(gone)],
  ...[CANCEL, CLOSED, GONE].map((event): Story => [
    AUTO,
    upTo('claim-branch', world => together(world, event)),
  ]),
  ...[cancelled, closed, gone].flatMap((end): readonly Story[] => [
    [AUTO, upTo('run-agent', end)],
    [AUTO, atMerge(end)],
  ]),
  [AUTO, atMerge(mergedByPerson)],
  [
    AUTO,
    upTo('merge', world => {
      world.perform();
      world.github = { ...world.github, issue: issueOf({ edition: 2 }) };
      poke(world, 'issue');
      world.landUpkeep();
    }),
  ],
  [AUTO, atMerge(edited)],
  [AUTO, atMerge(world => decide(world, 'ann', { kind: 'reject', reason: 'not so' }))],
  // Our own push, whose answer never came.
  [
    AUTO,
    atMerge(world => {
      review(world, 'ben', 'changes-requested');
      poke(world, 'pull-request');
      upTo('push-commit', on => {
        on.perform();
        decide(on, 'ann', { kind: 'pause' });
        const effect = on.effect?.effect;
        if (effect !== undefined) on.land({ type: 'step-cancelled', effect });
        flow(on);
      })(world);
    }),
  ],
  // What the run left is lost: only another one brings it back.
  [
    AUTO,
    atMerge(world => {
      approve(world);
      upTo('merge', on => {
        const effect = on.effect?.effect;
        if (effect === undefined) throw new Error('nothing is in flight');
        on.land({ type: 'step-failed', effect, failure: 'ArtifactMissing', message: 'it is gone' });
        decide(on, 'ann', { kind: 'retry' });
      })(world);
    }),
  ],
  [
    AUTO,
    atMerge(world => {
      world.github = { ...world.github, policy: policyOf({ ...AUTO, edition: 2 }) };
      world.now += 1000;
      approve(world);
      upTo('push-commit', flow)(world);
    }),
  ],
  [
    AUTO,
    atMerge(world => {
      review(world, 'ben', 'changes-requested');
      poke(world, 'pull-request');
      for (let round = 0; round < 9 && stageOf(world.state) !== 'working'; round++) world.landUpkeep();
      mergedByPerson(world);
    }),
  ],
  [
    AUTO,
    atMerge(world => {
      approve(world);
      upTo('merge', on => {
        on.perform();
        closed(on);
      })(world);
    }),
  ],
  [
    AUTO,
    atMerge(world => {
      approve(world);
      upTo('merge', on => {
        on.perform();
        gone(on);
      })(world);
    }),
  ],
  [
    AUTO,
    atMerge(world => {
      world.github = { ...world.github, issue: { ...world.github.issue, state: 'closed' } };
      poke(world, 'issue');
      mergedByPerson(world);
    }),
  ],
  [
    AUTO,
    upTo('run-agent', world => {
      cancelled(world);
      gone(world);
    }),
  ],
];

function playAll(): Seen {
  const seen: Seen = new Map();
  for (const [choice, tell] of STORIES) {
    const world = new World(newGitHub({ policy: policyOf(choice) }), { applied: watchInto(seen) });
    world.settle();
    tell(world);
  }
  return seen;
}

describe('the stages', () => {
  test('change just as drawn, by each kind of event that is named', () => {
    const seen = playAll();
    const found = [...seen].map(([name, causes]) => [name, [...causes].sort()] as const);
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries([...drawn].map(([name, by]) => [name, [...by].sort()])),
    );
  });

  test('are all drawn, and the ends lead nowhere but to a merge that was made before', () => {
    const named = new Set(STAGE_EDGES.flatMap(({ from, to }) => [from, to]));
    expect([...named].sort()).toEqual([...STAGES, ...OTHER_ENDS].sort());
    const fromEnds = STAGE_EDGES.filter(({ from }) =>
      ['release-verified', ...OTHER_ENDS].includes(from as (typeof OTHER_ENDS)[number]),
    );
    expect(fromEnds.map(({ to }) => to).filter(to => to !== 'merged' && to !== 'left')).toEqual([]);
  });
});

/** Audit records name the box in which a run or a verification took place; older records stay as they are. */
import { expect, test } from '@jest/globals';
import type { BoxFacts, RecordedBox } from '../../src/domain/box-facts.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { digestOf } from '../../src/domain/digest.ts';
import { policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { World } from './life/world.ts';

const BOX: BoxFacts = { name: 'bubblewrap', guards: ['namespaces'], gaps: [], problems: [] };
const layer = digestOf('layer');
const setUp = { layer, on: 'base', reused: true, output: layer, connections: layer } as const;

/** The causes recorded up to the evidence; `tell` rewrites each answer. */
function causes(tell: (answer: EventBody) => EventBody): readonly string[] {
  const world = new World(newGitHub({ policy: policyOf({ mode: 'auto-run' }) }));
  world.settle();
  for (let round = 0; round < 60 && world.state.evidence === undefined; round++) {
    if (world.upkeep !== undefined) world.landUpkeep();
    world.perform();
    const answer = world.effect?.answer;
    if (answer !== undefined) world.land(tell(answer));
  }
  return world.state.audit.records.map(({ cause }) => cause);
}

/** Adds the box to an answer; undefined stands for a runner of an older release. */
const heldBy =
  (box: RecordedBox | undefined) =>
  (answer: EventBody): EventBody => {
    const named = box === undefined ? {} : { box };
    if (answer.type === 'run-ended') return { ...answer, end: { ...answer.end, ...named } };
    if (answer.type !== 'verified') return answer;
    return {
      ...answer,
      verification: { ...answer.verification, ...named, setUp: { ...setUp, ...named } },
    };
  };

const inBoxes = (all: readonly string[]): readonly string[] =>
  all.filter(cause => /^(run \S+ ended|built|verified)/.test(cause));

test('the records of a run, its change, its verification and its set-up name the box', () => {
  expect(inBoxes(causes(heldBy(BOX)))).toEqual([
    expect.stringMatching(/^run g1-a1 ended \(box: bubblewrap\): /),
    expect.stringMatching(/^built [0-9a-f]{12} from 1 changed files \(box: bubblewrap\)$/),
    expect.stringMatching(
      /^verified \(box: bubblewrap\): \d+ checks as expected, on a set-up of the base \(box: bubblewrap\)$/,
    ),
  ]);
});

test('a box that an older fact keeps as text is recorded as that text', () => {
  const all = inBoxes(causes(heldBy('bubblewrap: namespaces')));
  expect(all).toHaveLength(3);
  for (const cause of all) expect(cause).toContain('(box: bubblewrap: namespaces)');
});

test('facts without a box lead to records without a box', () => {
  expect(inBoxes(causes(heldBy(undefined)))).toEqual([
    expect.stringMatching(/^run g1-a1 ended: /),
    expect.stringMatching(/^built [0-9a-f]{12} from 1 changed files$/),
    expect.stringMatching(/^verified: \d+ checks as expected$/),
  ]);
});

/** Every record that rests on something done in a box names the box; what was recorded before that stays as it was. */
import { expect, test } from '@jest/globals';
import { type BoxFacts, boxText, type RecordedBox } from '../../src/domain/box-facts.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { digestOf } from '../../src/domain/digest.ts';
import { policyOf } from './life/fixtures.ts';
import { newGitHub } from './life/github.ts';
import { World } from './life/world.ts';

const BOX: BoxFacts = {
  name: 'bubblewrap',
  guards: ['namespaces', 'no-network'],
  gaps: [],
  problems: [],
};
const LEAKY = { ...BOX, gaps: ['memory'], problems: ['does not hold against: dns'] };
const layer = digestOf('layer');
const setUp = { layer, on: 'base', reused: true, output: layer, connections: layer } as const;

/** The causes of a life up to its evidence, its boxed facts told as `tell` has them. */
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

/** As a runner tells it that names its box; without one as runners did before. */
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

test('the end of the run, the change that left it, its verification and the set-up below it', () => {
  expect(inBoxes(causes(heldBy(BOX)))).toEqual([
    expect.stringMatching(/^run g1-a1 ended \(box: bubblewrap\): /),
    expect.stringMatching(/^built [0-9a-f]{12} from 1 changed files \(box: bubblewrap\)$/),
    expect.stringMatching(
      /^verified \(box: bubblewrap\): \d+ checks as expected, on a set-up of the base \(box: bubblewrap\)$/,
    ),
  ]);
});

test('a change that is refused', () => {
  const refused = causes(answer =>
    answer.type === 'change-built'
      ? {
          type: 'change-refused',
          runId: answer.change.runId,
          refusals: [{ path: 'src/link', reason: 'symlink' }],
        }
      : heldBy(BOX)(answer),
  );
  expect(refused).toContain('the change of g1-a1 (box: bubblewrap) was refused: symlink');
});

test('a box that was found not to hold is named with what it does not hold against', () => {
  const all = inBoxes(causes(heldBy(LEAKY)));
  expect(all).toHaveLength(3);
  for (const cause of all)
    expect(cause).toContain('(box: bubblewrap; not given: memory; does not hold against: dns)');
});

test('a box in facts of before it was kept as data is named as they name it', () => {
  const all = inBoxes(causes(heldBy('bubblewrap: namespaces')));
  expect(all).toHaveLength(3);
  for (const cause of all) expect(cause).toContain('(box: bubblewrap: namespaces)');
});

test('people also read what guards it', () => {
  expect(boxText(BOX)).toBe('bubblewrap: namespaces, no-network');
  expect(boxText(LEAKY)).toBe(
    'bubblewrap: namespaces, no-network; not given: memory; does not hold against: dns',
  );
  expect(boxText('as it was kept')).toBe('as it was kept');
});

test('facts of before boxes were named make the records that they made then', () => {
  expect(inBoxes(causes(heldBy(undefined)))).toEqual([
    expect.stringMatching(/^run g1-a1 ended: /),
    expect.stringMatching(/^built [0-9a-f]{12} from 1 changed files$/),
    expect.stringMatching(/^verified: \d+ checks as expected$/),
  ]);
});

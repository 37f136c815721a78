/** Random sequences of work, people, GitHub and faults, played with all invariants. */
import fc from 'fast-check';
import { FAULTS, PEOPLE_ACTS, WORK } from './acts.ts';
import type { Calling } from '../../../src/domain/state/calls.ts';
import { checkRecovery, checkReplay, checkWorld } from './check.ts';
import { LINE_ACTS } from './line-acts.ts';
import { issueOf, policyOf, type PolicyChoice } from './fixtures.ts';
import { newGitHub } from './github.ts';
import { Guard } from './guard.ts';
import { World } from './world.ts';

export const ACTS = { ...WORK, ...PEOPLE_ACTS, ...FAULTS, ...LINE_ACTS };
export type Played = readonly (readonly [name: string, n: number])[];

const names = (table: object): fc.Arbitrary<string> => fc.constantFrom(...Object.keys(table));
const actName = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('the answers come', 'everything comes to rest', 'a person helps on'),
  },
  { weight: 4, arbitrary: names(WORK) },
  { weight: 3, arbitrary: names(PEOPLE_ACTS) },
  { weight: 2, arbitrary: names(FAULTS) },
  { weight: 1, arbitrary: names(LINE_ACTS) },
);
export const acts: fc.Arbitrary<Played> = fc.array(fc.tuple(actName, fc.nat(59)), {
  minLength: 5,
  maxLength: 36,
  size: 'max',
});

/** How a life begins. */
export interface Choice extends PolicyChoice {
  /** Absent: nobody is called. */
  readonly calling?: Calling;
  /** `none`: a scheduler without lines of merges. */
  readonly lines?: 'free' | 'busy' | 'none';
}

export const policy: fc.Arbitrary<Choice> = fc.record({
  mode: fc.constantFrom('auto-run', 'guarded', 'guarded', 'analysis', 'spike'),
  publish: fc.constantFrom('on-concern', 'on-concern', 'always'),
  mergeBy: fc.constantFrom('scheduler', 'scheduler', 'person'),
  upToDate: fc.constantFrom<NonNullable<Choice['upToDate']>>(true, true, 'head', false),
  method: fc.constantFrom<NonNullable<Choice['method']>>('merge', 'merge', 'squash', 'rebase'),
  draft: fc.constantFrom(false, false, true),
  handOver: fc.constantFrom<NonNullable<Choice['handOver']>>('none', 'none', 'none', 'queue', 'auto-merge'),
  sameFile: fc.constantFrom<NonNullable<Choice['sameFile']>>('medium', 'low', 'never'),
  carryOver: fc.constantFrom<NonNullable<Choice['carryOver']>>('medium', 'medium', 'low', 'never'),
  verify: fc.constantFrom('merge', 'deployment'),
  soakMs: fc.constantFrom(0, 60_000),
  signOff: fc.constantFrom('never', 'low'),
  owner: fc.constantFrom('', 'ann'),
  quiet: fc.constantFrom(false, false, true),
  call: fc.constantFrom<NonNullable<Choice['call']>>(['opt-in'], ['codeowners', 'author'], []),
  checks: fc.constantFrom<NonNullable<Choice['checks']>>(
    {},
    { required: ['test'] },
    { required: ['test'], apps: ['github-actions'] },
    { required: ['test'], rerun: false, patienceMs: 3_600_000 },
  ),
  review: fc.constantFrom<NonNullable<Choice['review']>>({}, { suggestions: true }),
  lines: fc.constantFrom<NonNullable<Choice['lines']>>('free', 'busy', 'none'),
  calling: fc.constantFrom<Calling>({}, { webhook: true }),
});

export function play({ calling, lines = 'none', ...choice }: Choice, played: Played): void {
  const guard = new Guard();
  const called = calling === undefined ? {} : { calling };
  const line = lines === 'none' ? {} : { line: lines };
  const world = new World(
    newGitHub({ policy: policyOf(choice), issue: issueOf(), ...called, ...line }),
    guard,
  );
  world.settle();
  for (const [name, n] of played) {
    world.now += 1000;
    ACTS[name]?.(world, n);
    checkWorld(world, guard);
  }
  checkReplay(world, guard);
  checkRecovery(world, guard);
}

/** Calls of people: due, once for each gate and rung, answered, removed; in quiet hours; with a webhook; and whom. */
import { omit } from '../../../../src/domain/omit.ts';
import { projection } from '../../../../src/domain/projection.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { nextUpkeep } from '../../../../src/domain/upkeep.ts';
import { issueOf } from '../../life/fixtures.ts';
import { must, mustBe } from '../../life/invariants.ts';
import { decide } from '../../life/people.ts';
import { AUTO, check, type Probe, probe, probes, Scene, type Setting } from '../scene.ts';

const plain = { github: { calling: {} } } as const;
const webhook = { github: { calling: { webhook: true } } } as const;

const whom = ({ calls = [] }: IssueState): string => calls.map(({ who }) => who.join(' ')).join();

/** Climbs the ladder to its end. */
function climb(scene: Scene): void {
  scene.flow();
  for (let timers = 0; timers < 6; timers += 1) scene.do(world => world.advanceToTimer()).flow();
}

function mentioned(setting: Setting): string {
  return whom(new Scene({ ...AUTO, ...setting }).flow().world.state);
}

/** The first upkeep of this kind is in flight. */
function until(scene: Scene, kind: string): Scene {
  for (let steps = 0; steps < 60 && scene.world.upkeep?.upkeep.kind !== kind; steps += 1)
    scene.do(world => {
      world.landUpkeep();
      if (world.upkeep?.upkeep.kind !== kind) world.land();
    });
  return scene;
}

const opener = `@${issueOf().optIn?.by.login ?? ''}`;

export const CALL_PROBES: readonly Probe[] = [
  ...probes(
    {
      'calls at every gate': [
        { ...AUTO, ...plain },
        { mode: 'guarded', publish: 'always', signOff: 'low', ...plain },
        { mode: 'guarded', publish: 'always', signOff: 'low', owner: 'ann', ...webhook },
        { ...AUTO, mergeBy: 'person', ...plain },
        { ...AUTO, call: [], ...plain },
      ],
    },
    scene => void scene.until(),
  ),
  ...probes(
    {
      'calls on the ladder': [
        { ...AUTO, ...plain },
        { ...AUTO, quiet: true, ...plain },
        { ...AUTO, ...webhook },
      ],
    },
    climb,
  ),
  probe('the base moves at the merge gate', { ...AUTO, ...plain }, scene => {
    scene.flow().told('the default branch moves', 1).decide('ann', { kind: 'retry' }).flow();
    mustBe('22 once', whom(scene.world.state), opener);
  }),
  probe('an approval becomes void', { ...AUTO, mergeBy: 'person', ...plain }, scene => {
    scene.flow().approve().flow();
    must('22 folded', scene.world.state.calls?.[0]?.commentId === undefined, 'the comment stays');
    scene
      .github({ issue: issueOf({ edition: 2 }) })
      .poked()
      .flow();
    mustBe('22 needed', whom(scene.world.state), `${opener},${opener}`);
  }),
  probe('a pause takes the call away', { ...AUTO, ...plain }, scene => {
    scene.flow().decide('ann', { kind: 'pause' }).flow();
    must('22 folded', scene.world.state.calls?.[0]?.commentId === undefined, 'the comment stays');
    scene.decide('ann', { kind: 'resume' }).flow();
    mustBe('22 once', whom(scene.world.state), opener);
  }),
  probe('another attempt is another ask', { ...AUTO, ...plain }, scene => {
    scene.flow().decide('ann', { kind: 'reject', reason: 'too slow' }).flow();
    scene.decide('ann', { kind: 'retry' }).flow();
    const holds = (scene.world.state.calls ?? []).map(({ hold }) => hold).join();
    mustBe('22 needed', holds, 'gate:merge,blocked,gate:merge');
  }),
  probe('an escalation calls the named person, and a second one again', { ...AUTO, ...plain }, scene => {
    scene.flow();
    for (let times = 0; times < 2; times += 1) {
      scene.decide('ann', { kind: 'escalate', to: 'rita', reason: 'look' }).flow();
      scene.decide('ann', { kind: 'resume' }).flow();
    }
    mustBe('22 needed', whom(scene.world.state), `${opener},@rita,@rita`);
  }),
  probe('a call fails for good', { ...AUTO, ...webhook }, scene => {
    until(scene, 'call').act('the upkeep fails for good').flow();
    const { calls, blocked } = scene.world.state;
    must(
      '22 alone',
      blocked === undefined && calls?.length === 1,
      'a failed call holds the issue, or is repeated',
    );
    must('22 needed', calls?.[0]?.notice === 'posted', 'the webhook is not told');
  }),
  probe('a removal fails for good', { ...AUTO, ...plain }, scene => {
    scene.flow().approve();
    until(scene, 'fold-call').act('the upkeep fails for good').flow();
    must('22 alone', scene.world.state.blocked === undefined, 'a comment that stays holds the issue');
    must('22 folded', scene.world.state.calls?.[0]?.problem !== undefined, 'nobody is told that it stays');
  }),
  probe('a step keeps failing, in other words each time', { ...AUTO, ...webhook }, scene => {
    scene.untilEffect('claim-branch').act('the effect keeps failing', 1).flow();
    mustBe('22 needed', whom(scene.world.state), '@lead');
    scene.do(world => world.advanceToTimer()).act('the effect keeps failing', 2);
    scene.flow();
    mustBe('22 once', whom(scene.world.state), '@lead');
    scene.act('the wait is over').flow();
    must('22 folded', scene.world.state.calls?.[0]?.commentId === undefined, 'the comment stays');
  }),
  probe('GitHub names the end of a limit', { ...AUTO, ...plain }, scene => {
    scene.untilEffect('claim-branch').act('the effect keeps failing', 3).flow();
    must('22 needed', scene.world.state.calls === undefined, 'somebody is called to a limit');
    until(scene.act('the wait is over'), 'call').act('the upkeep keeps failing', 3).flow();
    must('22 needed', scene.world.state.calls === undefined, 'a call that was not made is recorded');
    scene.act('the wait is over').flow();
    mustBe('22 once', whom(scene.world.state), opener);
    until(scene.approve(), 'fold-call').act('the upkeep keeps failing', 3).flow();
    must('22 folded', !scene.world.ended, 'it ends before its comment is removed');
    scene.act('the wait is over').flow();
    must('22 folded', scene.world.ended, 'it never ends');
  }),
  probe('the webhook gives up', { ...AUTO, call: [], ...webhook }, scene => {
    for (let steps = 0; steps < 60 && scene.world.notice === undefined; steps += 1)
      scene.do(world => {
        world.landUpkeep();
        world.land();
      });
    scene.act('the webhook gives up').flow();
    must('22 once', typeof scene.world.state.calls?.[0]?.notice === 'object', 'it is told without an end');
    scene.event({ type: 'notified', seq: 1 }).event({ type: 'notified', seq: 9 });
    must('22 once', typeof scene.world.state.calls?.[0]?.notice === 'object', 'a late answer counts');
  }),
  probe('the first moments of a hold', { ...AUTO, afterMs: 5_000, ...plain }, scene => {
    scene.flow();
    must('22 hours', scene.world.state.calls === undefined, 'called at once');
    scene.do(world => world.advanceToTimer());
    must(
      '22 needed',
      scene.world.upkeep?.upkeep.kind === 'call',
      'not called in time, or a look comes first',
    );
    scene.flow();
  }),
  probe('quiet hours', { ...AUTO, quiet: true, ...plain }, scene => {
    scene.flow();
    must('22 hours', scene.world.state.calls === undefined, 'called in the night');
    scene.do(world => world.advanceToTimer());
    must('22 needed', scene.world.upkeep?.upkeep.kind === 'look', 'called without a look after the night');
    scene.flow();
    mustBe('22 needed', whom(scene.world.state), opener);
  }),
  check('whom a call is for', () => {
    const of = (setting: Setting): string =>
      mentioned({ ...setting, github: { calling: {}, ...setting.github } });
    mustBe('22 needed', of({}), opener);
    mustBe('22 needed', of({ call: ['@ann', '@Ann', '@acme/core'] }), '@ann @acme/core');
    mustBe('22 needed', of({ call: ['codeowners'] }), '@acme/owners');
    mustBe('22 needed', of({ call: [] }), '');
    mustBe('22 needed', of({ call: ['author'], github: { issue: issueOf({ author: 'zoe' }) } }), '@zoe');
    for (const author of ['renovate[bot]', 'a b', 'x @everyone', '-x', 'x--y', ''])
      mustBe('14 inert', of({ call: ['author'], github: { issue: issueOf({ author }) } }), opener);
  }),
  check('nobody is called by an older life, before the opt-in, or where the issue was', () => {
    const { state } = until(new Scene({ ...AUTO, ...plain }), 'call').world;
    const due = (part: Partial<IssueState>): boolean => nextUpkeep({ ...state, ...part })?.kind === 'call';
    must('22 needed', due({}), 'the control calls nobody');
    must('22 needed', nextUpkeep(omit(state, 'calling'))?.kind !== 'call', 'an older life calls');
    must('22 needed', !due({ upkeepStopped: true }), 'it calls although it cannot write');
    must('23 theirs', !due({ gone: 'deleted' }), 'it calls where the issue was');
    must('22 needed', !due({ ownLogin: opener.slice(1).toUpperCase() }), 'it calls itself');
  }),
  check('the labels say the rung', () => {
    const { state } = new Scene({ ...AUTO, ...plain }).flow().world;
    const { held } = state;
    if (held === undefined) throw new Error('nothing is held');
    const labels = (rung: NonNullable<IssueState['held']>['rung']): string =>
      projection({ ...state, held: { ...held, rung } })
        .labels.slice(1)
        .join();
    mustBe('21 shown', labels('fresh'), 'ai:gate-merge');
    mustBe('21 shown', labels('reminded'), 'ai:gate-merge,ai:reminded');
    mustBe('21 shown', labels('escalated'), 'ai:gate-merge,ai:escalated');
    mustBe('21 shown', labels('parked'), 'ai:gate-merge,ai:parked');
  }),
  probe('an answer before the call', { ...AUTO, ...plain }, scene => {
    scene.untilEffect('open-pull-request').do(world => world.land());
    scene.do(world => decide(world, 'ann', { kind: 'pause' })).flow();
    must('22 needed', scene.world.state.calls === undefined, 'somebody is called to a pause');
  }),
];

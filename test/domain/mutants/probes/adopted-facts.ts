/** What is recorded of adopted commits, of calls and of delays, word for word. */
import { withoutEnded } from '../../../../src/domain/evolve/delays.ts';
import { delayLine } from '../../../../src/domain/delay.ts';
import { commitsText, shortHead } from '../../../../src/domain/foreign-head.ts';
import type { IssueState } from '../../../../src/domain/state.ts';
import { HEADS } from '../../life/branch.ts';
import { withHead } from '../../life/github.ts';
import { must } from '../../life/invariants.ts';
import { after, AUTO, check, present, type Probe, probe, type Scene, Scene as Life } from '../scene.ts';

const CALLED = { ...AUTO, github: { calling: {} } } as const;

const causes = ({ audit }: IssueState): readonly string[] => audit.records.map(({ cause }) => cause);
const told = (state: IssueState, cause: string): void => {
  must('16 audit', causes(state).includes(cause), `no “${cause}” in ${causes(state).join('; ')}`);
};
const voids = (state: IssueState): number =>
  causes(state).filter(cause => cause.startsWith('what was said about the head')).length;
const pushed = (life: Scene, head: string): Scene =>
  life
    .do(world => {
      world.github = withHead(world.github, head);
    })
    .poked()
    .flow();
const adopted = (life: Scene, head: string = HEADS.onTop): Scene =>
  pushed(life.until('merge'), head).decide('ann', { kind: 'adopt', head: shortHead(head) });

function delayed(): readonly [IssueState, IssueState] {
  const { state } = new Life(AUTO).untilEffect('claim-branch').world;
  const effect = present(state.sent, 'effect');
  return [state, after(state, { type: 'step-delayed', effect, since: state.at, reason: 'broken' })];
}

export const ADOPTED_FACT_PROBES: readonly Probe[] = [
  probe('adoptedEnd: what is below the commits stays true of them', AUTO, life => {
    life.until('merge');
    const below = present(life.world.state.runs.at(-1)?.end, 'run below');
    adopted(life).until('publish');
    const run = present(life.world.state.runs.at(-1), 'run');
    const end = present(run.end, 'end');
    const commits = commitsText(present(run.adopted, 'adopted commits'));
    must('16 audit', end.summary === `${commits}, on top of: ${below.summary}`, `it says ${end.summary}`);
    const [is, was] = [end.report, below.report].map(report => JSON.stringify(report));
    must('16 audit', is === was, 'what the agent reported is lost');
    must('16 audit', !('raisedRisk' in end), 'a risk is raised that no run raised');
  }),
  probe('refusedAdoption names the head', AUTO, life => {
    adopted(life, HEADS.refused).flow();
    const reason = `the commits up to ${shortHead(HEADS.refused)} were not adopted: `;
    const { state } = life.world;
    must('16 audit', state.blocked?.reason.startsWith(reason) === true, `it says ${state.blocked?.reason}`);
    told(state, state.blocked?.reason ?? '');
  }),
  probe('isPushing: our own push voids nothing', AUTO, life => {
    adopted(life).until('publish').approve().untilEffect('push-commit');
    life.act('the effect is done').poked().act('the upkeep answers');
    must('16 audit', voids(life.world.state) === 0, 'our push is taken for one of others');
  }),
  probe('isPushing: a push of others voids what was said', AUTO, life => {
    pushed(adopted(life).until('publish'), HEADS.further);
    must('16 audit', voids(life.world.state) === 1, 'what was said outlives its head');
  }),
  probe('adoptText names the head and its commits', AUTO, life => {
    adopted(life);
    const { state } = life.world;
    const commits = commitsText(present(state.adoption, 'adoption'));
    told(state, `/adopt ${shortHead(HEADS.onTop)}: ${commits}`);
  }),
  probe('adoptText is empty for another decision', AUTO, life => {
    pushed(life.until('merge'), HEADS.onTop).decide('ann', { kind: 'pause' });
    must('16 audit', causes(life.world.state).at(-1) === '/pause', `${causes(life.world.state).at(-1)}`);
  }),
  check('onCalled names whom it called, and the problem', () => {
    const { state } = new Life(CALLED).flow().world;
    const made = present(state.calls?.[0], 'call');
    told(state, `called ${made.who.join(', ')} to ${made.hold} (${made.rung})`);
    const { seq, ask, answers, rung, hold } = made;
    const call = { seq, ask, answers, rung, hold };
    const nobody = after(state, { type: 'called', call, who: [], problem: 'no one is known' });
    told(nobody, `called nobody to ${hold} (${rung}): no one is known`);
  }),
  check('noted: one record for each reason', () => {
    const [before, state] = delayed();
    const line = delayLine(present(state.delays?.[0], 'delay'));
    told(state, line);
    const due = after(state, { type: 'timer' }, 60_000);
    const effect = present(before.sent, 'effect');
    const again = after(after(due, { type: 'step-started', effect }), {
      ...{ type: 'step-delayed', effect, since: due.at, reason: 'broken' },
    });
    const count = causes(again).filter(cause => cause.includes('broken')).length;
    must('16 audit', count === 1, `${count} records of one reason`);
  }),
  check('withoutEnded: what succeeds is no longer delayed, and nothing else ends it', () => {
    const poked = after(new Life(AUTO).until('merge').world.state, { type: 'poked', facets: ['issue'] });
    const state = after(poked, { type: 'upkeep-delayed', upkeep: 'look', since: poked.at, reason: 'broken' });
    must('21 told', state.delays?.length === 1, 'it is not told that it fails');
    const other = after(state, { type: 'poked', facets: ['comments'] });
    must('21 told', other.delays?.length === 1, 'a webhook ends a delay');
    const seen = after(state, { type: 'observed', observation: { facets: ['issue'] } });
    must('21 told', seen.delays === undefined, 'a delay outlives its end');
  }),
  check('withoutEnded takes away what the event ends', () => {
    const { state } = new Life(AUTO).until('merge').world;
    const delay = { kind: 'look', since: 1, reason: 'broken', until: 2, times: 1 } as const;
    const late = { ...state, delays: [delay] };
    const seen = { type: 'observed', observation: { facets: [] } } as const;
    must('21 told', withoutEnded(late, seen).delays === undefined, 'a delay outlives its end');
    must('21 told', withoutEnded(late, { type: 'timer' }) === late, 'a timer ends a delay');
    must('21 told', withoutEnded(state, seen) === state, 'without a delay something ends');
  }),
];

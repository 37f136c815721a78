/** Pull requests that are drafts until CI has passed. */
import { projection } from '../../../../src/domain/projection.ts';
import type { ChecksPolicy } from '../../../../src/domain/policy.ts';
import { type Ci, GOOD_CI } from '../../life/ci.ts';
import { must } from '../../life/invariants.ts';
import { poke } from '../../life/people.ts';
import { AUTO, type Probe, probe, type Scene, type Setting } from '../scene.ts';

const MINUTE_MS = 60_000;
const REQUIRED: ChecksPolicy = { required: ['test'] };

function drafted(says: Ci['says'] = 'passed', more: Partial<Setting> = {}): Setting {
  const { github, ...rest } = more;
  return {
    ...AUTO,
    ...{ draft: true, checks: REQUIRED, github: { ci: { ...GOOD_CI, says }, ...github }, ...rest },
  };
}

/** A webhook tells of checks, and the pause before the next reading is over. */
function passes(life: Scene): Scene {
  life.github({ ci: GOOD_CI }).do(world => world.advance(MINUTE_MS));
  life.do(world => poke(world, 'checks')).flow();
  // What arrives during a reading is read after a pause, before anything is marked as ready.
  return life.do(world => world.advance(MINUTE_MS)).flow();
}

const isDraft = ({ world }: Scene): boolean => world.github.pullRequest?.draft === true;
const shown = ({ world }: Scene): string => projection(world.state).comment;

function shows(life: Scene, text: string): void {
  must('21 shown', shown(life).includes(text), `“${text}” is not shown`);
}

function hides(life: Scene, text: string): void {
  must('21 in vain', !shown(life).includes(text), `“${text}” is shown`);
}

function waitsFor(life: Scene, what: string): void {
  const step = life.step();
  must('21 in vain', step.kind === 'wait' && step.for === what, `not ${what}: ${JSON.stringify(step)}`);
}

function holdsFor(life: Scene, what: RegExp): void {
  const step = life.step();
  const why = step.kind === 'hold' ? step.hold.why.join() : '';
  must('7 draft', what.test(why), `“${why}” does not say ${String(what)}`);
}

const WORDS = ', a draft until the required checks have passed';

export const DRAFT_PROBES: readonly Probe[] = [
  probe('a draft is marked as ready when the checks have passed', drafted('pending'), life => {
    life.flow();
    must('7 draft', isDraft(life), 'it is no draft');
    waitsFor(life, 'checks');
    shows(life, WORDS);
    passes(life);
    must('7 draft', !isDraft(life), 'it is still a draft');
    hides(life, WORDS);
    life.until();
  }),
  probe('a draft whose checks fail is the pull request of the next attempt', drafted('failed'), life => {
    life.flow().github({ ci: { ...GOOD_CI, again: 'failed' } });
    passes(life).until();
  }),
  probe('nothing is required, so there is no draft', { ...drafted(), checks: {} }, life => {
    life.until('merge');
    must('7 draft', !isDraft(life), 'it is a draft');
    hides(life, 'draft');
    life.until();
  }),
  probe('a repository without drafts', drafted('passed', { github: { hasNoDrafts: true } }), life => {
    life.until('merge');
    shows(life, ', not opened as a draft: the repository has no drafts');
    life.until();
    hides(life, 'not opened as a draft');
  }),
  probe('a person marks our draft as ready, and makes it a draft again', drafted('pending'), life => {
    life.flow().told('the pull request is drafted', 1).flow();
    waitsFor(life, 'checks');
    passes(life).told('the pull request is drafted', 0).flow();
    holdsFor(life, /is a draft/);
    life.told('the pull request is drafted', 1).until();
  }),
  probe('a look that began before we marked it shows the draft', drafted('pending'), life => {
    life.flow().do(world => poke(world, 'pull-request'));
    life.do(world => world.performUpkeep());
    passes(life);
    must('7 draft', life.world.state.pullRequest?.draft === false, 'an old look counts');
    life.until();
  }),
  probe('a person makes it a draft after we marked it', drafted(), life => {
    life.until('merge').told('the pull request is drafted', 0).flow();
    holdsFor(life, /is a draft/);
    life.told('the pull request is drafted', 1).until();
  }),
  probe('a draft that a person opened from our branch stays one', drafted(), life => {
    life.untilEffect('open-pull-request').do(world => {
      const flight = world.effect;
      world.perform();
      const { pullRequest } = world.github;
      if (flight === undefined || pullRequest === undefined) throw new Error('nothing is opened');
      world.land({ type: 'pull-request-opened', pullRequest: { ...pullRequest, reviews: [] } });
    });
    life.flow();
    holdsFor(life, /is a draft/);
    life.told('the pull request is drafted', 1).until();
  }),
  probe('marking it as ready keeps failing', drafted(), life => {
    life.untilEffect('mark-ready').act('the effect keeps failing').flow();
    life.act('the wait is over').flow().until();
  }),
  probe('it cannot be marked as ready', drafted(), life => {
    life.untilEffect('mark-ready').fail('GitHubForbidden').flow();
    life.decide('ann', { kind: 'retry' }).until();
  }),
];

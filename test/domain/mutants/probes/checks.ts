/** Lives with CI: what is waited for, run again, asked of people, or given to the next attempt. */
import { judgedChecks } from '../../../../src/domain/checks.ts';
import type { ChecksPolicy } from '../../../../src/domain/policy.ts';
import { type Ci, GOOD_CI } from '../../life/ci.ts';
import { must } from '../../life/invariants.ts';
import { poke } from '../../life/people.ts';
import { AUTO, type Probe, probe, type Scene, type Setting } from '../scene.ts';

const MINUTE_MS = 60_000;
const REQUIRED: ChecksPolicy = { required: ['test'] };

function withCi(says: Partial<Ci>, checks: ChecksPolicy = REQUIRED): Setting {
  return { ...AUTO, checks, github: { ci: { ...GOOD_CI, ...says } } };
}

function ci(life: Scene, part: Partial<Ci>): Scene {
  const { ci: now } = life.world.github;
  return life.github({ ci: { ...now, ...part } });
}

/** A webhook tells of checks, and the pause before the next reading is over. */
function told(life: Scene, part: Partial<Ci>): Scene {
  ci(life, part).do(world => world.advance(MINUTE_MS));
  return life.do(world => poke(world, 'checks')).flow();
}

const whyNow = (life: Scene): string => {
  const step = life.step();
  return step.kind === 'hold' ? step.hold.why.join() : step.kind === 'wait' ? step.for : '';
};

function mustSay(life: Scene, pattern: RegExp): void {
  must('21 told', pattern.test(whyNow(life)), `${whyNow(life)}, not ${String(pattern)}`);
}

export const CHECK_PROBES: readonly Probe[] = [
  probe('the required check passes', withCi({}), life => {
    life.until('merge');
    mustSay(life, /every merge/);
    life.until();
  }),
  probe(
    'nothing is required, and CI fails',
    { ...AUTO, github: { ci: { ...GOOD_CI, says: 'failed' } } },
    life => {
      life.until('merge');
      must('21 in vain', life.world.state.checks === undefined, 'checks are read without need');
      life.do(world => poke(world, 'checks')).until();
      must('21 in vain', life.world.state.due.checks === undefined, 'checks are due without need');
    },
  ),
  probe('checks are waited for, then pass', withCi({ says: 'pending' }), life => {
    mustSay(life.flow(), /^checks$/);
    told(life, { says: 'passed' }).until();
  }),
  probe('checks are waited for without webhooks', withCi({ says: 'missing' }), life => {
    mustSay(life.flow(), /^checks$/);
    ci(life, { says: 'passed' })
      .do(world => world.advanceToTimer())
      .flow();
    mustSay(life, /every merge/);
    life.until();
  }),
  probe('checks never end', withCi({ says: 'pending' }), life => {
    life.flow();
    for (let polls = 0; polls < 20 && life.step().kind === 'wait'; polls++)
      life.do(world => world.advanceToTimer()).flow();
    mustSay(life, /have not finished within checks.patience: test \(pending\)/);
    life.decide('ann', { kind: 'retry' }).flow();
    mustSay(life, /^checks$/);
    for (let polls = 0; polls < 20 && life.step().kind === 'wait'; polls++)
      life.do(world => world.advanceToTimer()).flow();
    // The hold ends by itself.
    ci(life, { says: 'passed' })
      .do(world => world.advanceToTimer())
      .flow();
    mustSay(life, /every merge/);
    life.until();
  }),
  probe('a check fails, and fails again', withCi({ says: 'failed', again: 'failed' }), life => {
    life
      .untilEffect('rerun-check')
      .do(world => world.land())
      .do(world => world.advanceToTimer())
      .flow();
    const { runs, failedInCi, rejections } = life.world.state;
    must('21 told', runs.length > 1, 'a failure of CI makes no attempt');
    must(
      '21 told',
      runs[1]?.failedChecks?.[0]?.output === 'sha256:said',
      'the attempt does not get its output',
    );
    must(
      '21 told',
      rejections.some(({ reason }) => /^required checks failed/.test(reason)),
      'no lesson is kept',
    );
    must('21 told', (failedInCi?.checks.length ?? 0) > 0, 'it is forgotten');
    life.do(world => world.advance(MINUTE_MS)).flow();
  }),
  probe(
    'a check fails on each attempt, until none is left',
    withCi({ says: 'failed' }, { ...REQUIRED, rerun: false }),
    life => {
      life.flow();
      mustSay(life, /3 attempts are used up/);
      life.decide('ann', { kind: 'retry' }).flow();
      ci(life, { says: 'passed' }).flow();
    },
  ),
  probe(
    'a check fails, and the next attempt fixes it',
    withCi({ says: 'failed' }, { ...REQUIRED, rerun: false }),
    life => {
      life
        .untilEffect('run-agent')
        .do(world => world.land())
        .untilEffect('run-agent');
      ci(life, { says: 'passed' }).flow().until('merge');
      const { failedInCi, runs } = life.world.state;
      must('21 in vain', failedInCi?.checks.length === 0, 'what passes is still feedback');
      must('21 limits', runs.length === 2, `${runs.length} runs`);
      life.until();
    },
  ),
  probe('a check is flaky', withCi({ says: 'failed', again: 'passed' }), life => {
    life
      .flow()
      .do(world => world.advanceToTimer())
      .flow();
    mustSay(life, /flaky: passed only when run again: test/);
    const flaky = judgedChecks(life.world.state).filter(({ isFlaky }) => isFlaky);
    must('21 told', flaky.length === 1, 'nobody is told that it is flaky');
    must('21 limits', life.world.state.runs.length === 1, 'a flaky check costs an attempt');
    life.until();
  }),
  probe('a check cannot run again', withCi({ says: 'failed', isFixed: true }), life => {
    life
      .untilEffect('rerun-check')
      .do(world => world.land())
      .do(world => world.advanceToTimer())
      .flow();
    must('21 told', life.world.state.runs.length > 1, 'what cannot run again is not given to an attempt');
  }),
  probe('a check fails on the base too', withCi({ says: 'failed', base: 'failed' }), life => {
    life.flow();
    mustSay(life, /fail on the base too \(broken before\): test/);
    must('21 limits', life.world.state.runs.length === 1, 'what was broken before costs an attempt');
    told(life, { base: 'passed', says: 'passed' });
    mustSay(life, /every merge/);
    life.until();
  }),
  probe(
    'a person lets the agent fix what was broken before',
    withCi({ says: 'failed', base: 'failed' }, { ...REQUIRED, rerun: false }),
    life => {
      life.flow().decide('ann', { kind: 'retry', reason: 'fix it' }).flow();
      must('21 heard', life.world.state.runs.length === 2, 'the agent may not fix it');
      mustSay(life, /broken before/);
    },
  ),
  probe('a check ends without a verdict', withCi({ says: 'unclear' }), life => {
    life.flow();
    mustSay(life, /ended without a verdict: test \(unclear\)/);
    told(life, { says: 'passed' }).until();
  }),
  probe('a check of adopted commits fails', withCi({}, { ...REQUIRED, rerun: false }), life => {
    life.until('merge').act('a person pushes', 2).poked().flow();
    ci(life, { says: 'failed' }).act('a person adopts', 0).flow();
    for (let gates = 0; gates < 4; gates++) life.approve().flow();
    mustSay(life, /^required checks failed on/);
    const { runs } = life.world.state;
    must('23 theirs', runs.at(-1)?.adopted !== undefined, 'an agent replaces what a person did');
    ci(life, { says: 'passed' }).decide('ann', { kind: 'retry' }).flow();
  }),
  probe('checks are told of while the issue is paused', withCi({ says: 'pending' }), life => {
    life.flow().decide('ann', { kind: 'pause' });
    told(life, { says: 'passed' }).decide('ann', { kind: 'resume' }).until();
  }),
  probe('a review approves before CI has passed', withCi({ says: 'pending' }), life => {
    life.flow().review('ben', 'approved').flow();
    mustSay(life, /^checks$/);
    told(life, { says: 'passed' })
      .do(world => world.advanceToTimer())
      .until();
    must('21 heard', life.world.state.merge !== undefined, 'an early approval is forgotten');
  }),
  probe('a check failed while news of the issue is unread', withCi({ says: 'pending' }), life => {
    ci(life.flow(), { says: 'failed' }).do(world => world.advance(MINUTE_MS));
    life.do(world => poke(world, 'checks')).do(world => poke(world, 'comments'));
    life.do(world => world.landUpkeep()).flow();
  }),
  probe('a check fails after the approval', withCi({}), life => {
    life.until('merge').decide('ann', { kind: 'escalate' }).review('ben', 'approved').flow();
    ci(life, { says: 'unclear' })
      .do(world => world.advance(MINUTE_MS))
      .do(world => poke(world, 'checks'));
    life.decide('ann', { kind: 'resume' }).flow();
    mustSay(life, /without a verdict/);
  }),
];

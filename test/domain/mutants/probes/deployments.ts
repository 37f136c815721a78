/** Deployments of the head that a rule of the target branch requires. */
import type { CheckState } from '../../../../src/domain/check-report.ts';
import { projection } from '../../../../src/domain/projection.ts';
import { must } from '../../life/invariants.ts';
import { poke } from '../../life/people.ts';
import { AUTO, type Probe, probe, type Scene, type Setting } from '../scene.ts';

const MINUTE_MS = 60_000;
const PATIENCE_MS = 2 * 3_600_000;
const STAGING = { deployments: ['staging'] };

function deployed(to: CheckState): Setting {
  return { ...AUTO, checks: { required: ['test'] }, github: { mergeRules: STAGING, deployed: to } };
}

/** A webhook tells of the deployment, and the pause before the next reading is over. */
function becomes(life: Scene, to: CheckState): Scene {
  life.github({ deployed: to }).do(world => world.advance(MINUTE_MS));
  return life.do(world => poke(world, 'deployments')).flow();
}

const said = (life: Scene): string => {
  const step = life.step();
  return step.kind === 'hold' ? `${step.hold.why.join()} ${step.hold.gate ?? ''}` : step.kind;
};

function mustSay(life: Scene, pattern: RegExp): void {
  must('21 told', pattern.test(said(life)), `“${said(life)}” instead of ${String(pattern)}`);
}

export const DEPLOYMENT_PROBES: readonly Probe[] = [
  probe('a required deployment is waited for, by a webhook', deployed('pending'), life => {
    mustSay(life.flow(), /^wait$/);
    const line = 'waiting for required deployments of the head: staging';
    must('21 shown', projection(life.world.state).comment.includes(line), 'it is not shown');
    mustSay(becomes(life, 'passed'), /merge$/);
    must('21 in vain', !said(life).includes('staging'), 'what is done is asked of people');
    must('21 in vain', !projection(life.world.state).comment.includes('required deployments'), 'it is shown');
    life.until();
  }),
  probe('a required deployment is waited for, without webhooks', deployed('pending'), life => {
    life.flow().github({ deployed: 'passed' });
    life.do(world => world.advanceToTimer()).until();
  }),
  probe('a required deployment does not come', deployed('pending'), life => {
    life.flow().do(world => world.advance(PATIENCE_MS));
    mustSay(life.flow(), /was not deployed within checks\.patience.*staging \(pending\)/);
    life.decide('ann', { kind: 'retry' }).flow();
    mustSay(life, /^wait$/);
    becomes(life, 'passed').until();
  }),
  probe('a required deployment fails, and is repeated', deployed('failed'), life => {
    mustSay(life.flow(), /could not be deployed.*staging \(failed\)/);
    becomes(life, 'passed').until();
  }),
  probe('deployments that no rule requires any more are not waited for', deployed('pending'), life => {
    life.flow().github({ mergeRules: { deployments: ['production'] }, deployed: 'passed' });
    life.do(world => world.advanceToTimer()).until();
  }),
];

/** What GitHub refused: which commit is built again, and which attempt is told. */
import { must } from '../../life/invariants.ts';
import { AUTO, type Probe, probe } from '../scene.ts';

export const REFUSED_PROBES: readonly Probe[] = [
  probe('a commit must be signed: a retry builds it again, without another run', AUTO, life => {
    life.untilEffect('push-commit').fail('SignatureRequired').flow().decide('ann', { kind: 'retry' });
    life.untilEffect('build-change');
    must('21 heard', life.world.state.runs.length === 1, 'the agent ran again');
    life.flow();
    must('4 one commit', life.world.state.change !== undefined, 'nothing was built');
  }),
  probe('GitHub finds a secret: the next attempt is told', AUTO, life => {
    life.untilEffect('push-commit').fail('SecretInChange').flow();
    life.decide('ann', { kind: 'retry', reason: 'use a placeholder' }).untilEffect('run-agent');
    const { effect } = life;
    const lessons = effect.kind === 'run-agent' ? effect.lessons.join() : '';
    must('21 heard', /push-commit failed: it cannot be/.test(lessons), `it is told: ${lessons}`);
    must('21 heard', /use a placeholder/.test(lessons), `it is told: ${lessons}`);
  }),
  probe('the commit of a merged change stays, whatever failed', AUTO, life => {
    life.until('merge').approve().untilEffect('check-release').fail('SignatureRequired').flow();
    life.decide('ann', { kind: 'retry' }).flow();
    must('4 one commit', life.world.state.change !== undefined, 'the merged change is forgotten');
  }),
];

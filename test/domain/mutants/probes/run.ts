/** Runs: endings, limits, money, retries and questions to people. */
import { AGENT_ENDINGS } from '../../../../src/domain/ending.ts';
import { MODES } from '../../../../src/domain/mode.ts';
import { AUTO, type Probe, probe } from '../scene.ts';

const CRASHED = {
  ending: 'crashed',
  endedAt: 0,
  summary: 'strange',
  usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
} as const;

export const RUN_PROBES: readonly Probe[] = [
  ...AGENT_ENDINGS.map(ending =>
    probe(
      `runs end as ${ending}`,
      MODES.map(mode => ({ mode, run: { ending } })),
      life => life.until('merge').decide('ann', { kind: 'retry' }).until('merge'),
    ),
  ),
  probe('a patch has no bytes', { ...AUTO, run: { isEmpty: true } }, life => life.flow()),
  probe('runs crash until the limit', { ...AUTO, run: { ending: 'crashed' } }, life =>
    life.flow().decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('runs are lost until the limit', { ...AUTO, costUsdPerIssueMax: 9, run: { ending: 'lost' } }, life =>
    life.flow().decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('lost runs spend all the money', { ...AUTO, costUsdPerIssueMax: 1, run: { ending: 'lost' } }, life =>
    life.flow().decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('the change is refused', AUTO, life => {
    life.untilEffect('build-change').act('the change is refused').flow().decide('ann', { kind: 'retry' });
    life.flow();
  }),
  probe('a run end names another run', AUTO, life => {
    life.untilEffect('run-agent');
    life.do(world => world.land({ type: 'run-ended', runId: 'g9-a9', end: CRASHED })).flow();
  }),
  probe('a run end arrives twice', AUTO, life => {
    life.untilEffect('build-change');
    const { sent } = life.world.state;
    life.forge({ sent: { ...(sent as NonNullable<typeof sent>), kind: 'run-agent' } as never });
    life.event({ type: 'run-ended', runId: 'g1-a1', end: CRASHED });
  }),
  probe('the issue is edited during the run', AUTO, life =>
    life.untilEffect('run-agent').told('the issue is edited', 1).until(),
  ),
  probe('the issue is edited after the run', AUTO, life =>
    life.until('merge').told('the issue is edited', 1).until(),
  ),
  probe('the mode is set after the run', { ...AUTO, publish: 'always' }, life =>
    life.until('publish').decide('ann', { kind: 'set-mode', mode: 'spike' }).until(),
  ),
  probe('the policy is edited after the run', { ...AUTO, publish: 'always' }, life => {
    life.until('publish').act('the policy is edited', 1).decide('ann', { kind: 'escalate' });
    life.decide('ann', { kind: 'retry' }).until();
  }),
  probe('a pause during a run', AUTO, life => {
    life.untilEffect('run-agent').decide('ann', { kind: 'pause' }).flow().decide('ann', { kind: 'resume' });
    life.until();
  }),
  probe('verifications are lost', AUTO, life => {
    life.untilEffect('verify-change').act('the host is lost').untilEffect('verify-change');
    life.act('the host is lost').flow().decide('ann', { kind: 'retry' }).until();
  }),
];

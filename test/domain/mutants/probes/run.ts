/** Lives of runs: endings, limits, money, what is tried again and what is asked. */
import { ENDINGS } from '../../../../src/domain/ending.ts';
import { MODES } from '../../../../src/domain/mode.ts';
import { type Probe, probe } from '../scene.ts';

const AUTO = { mode: 'auto-run' } as const;

export const RUN_PROBES: readonly Probe[] = [
  ...ENDINGS.map(ending =>
    probe(
      `runs end as ${ending}`,
      MODES.map(mode => ({ mode, run: { ending } })),
      life => life.until('merge').decide('ann', { kind: 'retry' }).until('merge'),
    ),
  ),
  probe('a patch has no bytes', { ...AUTO, run: { isEmpty: true } }, life => life.flow()),
  probe('runs end by themselves until the limit', { ...AUTO, run: { ending: 'crashed' } }, life =>
    life.flow().decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('runs are lost until the limit', { ...AUTO, costUsdPerIssueMax: 9, run: { ending: 'lost' } }, life =>
    life.flow().decide('ann', { kind: 'retry' }).flow(),
  ),
  probe(
    'runs spend all the money',
    { ...AUTO, costUsdPerIssueMax: 1.05, run: { ending: 'crashed' } },
    life => {
      for (let retries = 0; retries < 5; retries++) life.flow().decide('ann', { kind: 'retry' });
      life.flow();
    },
  ),
  probe('lost runs spend all the money', { ...AUTO, costUsdPerIssueMax: 1, run: { ending: 'lost' } }, life =>
    life.flow().decide('ann', { kind: 'retry' }).flow(),
  ),
  probe('the change is refused', AUTO, life =>
    life
      .untilEffect('build-change')
      .act('the change is refused')
      .flow()
      .decide('ann', { kind: 'retry' })
      .flow(),
  ),
  probe('a run is told twice, or of another', AUTO, life => {
    life.untilEffect('run-agent');
    const end = {
      ending: 'crashed',
      endedAt: life.world.now,
      summary: 'strange',
      usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    } as const;
    life.do(world => world.land({ type: 'run-ended', runId: 'g9-a9', end })).flow();
  }),
  probe('a run that ended is told of again', AUTO, life => {
    life.untilEffect('build-change');
    const end = {
      ending: 'crashed',
      endedAt: 0,
      summary: 'strange',
      usage: { inputTokens: 0, outputTokens: 0, costUsd: 0 },
    } as const;
    const { sent } = life.world.state;
    life.forge({ sent: { ...(sent as NonNullable<typeof sent>), kind: 'run-agent' } as never });
    life.event({ type: 'run-ended', runId: 'g1-a1', end });
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
  probe('the policy is edited after the run', { ...AUTO, publish: 'always' }, life =>
    life
      .until('publish')
      .act('the policy is edited', 1)
      .decide('ann', { kind: 'escalate' })
      .decide('ann', { kind: 'retry' })
      .until(),
  ),
  probe('news comes in during a run', AUTO, life =>
    life
      .untilEffect('run-agent')
      .event({ type: 'poked', facets: ['comments'] })
      .event({ type: 'poked', facets: ['issue'] })
      .flow(),
  ),
  probe('a pause during a run', AUTO, life =>
    life
      .untilEffect('run-agent')
      .decide('ann', { kind: 'pause' })
      .flow()
      .decide('ann', { kind: 'resume' })
      .until(),
  ),
  probe('an agent raises the risk', { ...AUTO, run: { raisedRisk: 'high' } }, life => life.until()),
  probe('verifications are lost', AUTO, life =>
    life
      .untilEffect('verify-change')
      .act('the host is lost')
      .untilEffect('verify-change')
      .act('the host is lost')
      .flow()
      .decide('ann', { kind: 'retry' })
      .until(),
  ),
];

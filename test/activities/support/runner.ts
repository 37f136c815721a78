/** The runner's activities with real parts: mirror over git, box, model gateway before a scripted provider. */
import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pino from 'pino';
import { type RunnerActivityPorts, runnerActivities } from '../../../src/activities/runner.ts';
import type { RunnerPorts } from '../../../src/activities/runner/ports.ts';
import { putCanonical } from '../../../src/activities/stored.ts';
import { commandAdapter } from '../../../src/agents/command/adapter.ts';
import type { EffectInput, RunnerActivities } from '../../../src/contracts/activities.ts';
import type { Digest } from '../../../src/domain/digest.ts';
import type { Policy } from '../../../src/domain/policy.ts';
import { createGitHub } from '../../../src/github/client.ts';
import { prose } from '../../../simulator/model/scripts.ts';
import { openStage, type Stage as GatewayStage } from '../../model-gateway/support/gateway.ts';
import { tier } from '../../box/support/box.ts';
import { where } from '../../support/github.ts';
import { factOf } from './perform.ts';
import { newIssue } from './scenes.ts';
import { stageScheduler, type SchedulerStage } from './stage.ts';

export interface RunnerStage {
  readonly scheduler: SchedulerStage;
  readonly gateway: GatewayStage;
  readonly ports: RunnerActivityPorts;
  readonly activities: RunnerActivities;
  /** Sets the bash script that the next run starts as its agent. */
  readonly agent: (script: string, options?: { readonly needsModel?: boolean }) => Promise<void>;
  /** Stores the repository's policy with these changes; resolves to its digest. */
  readonly policyWith: (change: PolicyChange) => Promise<Digest>;
  readonly runInput: (change?: RunChange) => Promise<EffectInput<'run-agent'>>;
  /** What runs have left on this host: workspaces, open accounts at the model gateway. */
  readonly leftovers: () => Promise<unknown>;
  readonly end: () => Promise<void>;
}

export type RunChange = Partial<Omit<EffectInput<'run-agent'>['effect'], 'kind' | 'inputs'>> & {
  readonly policy?: Digest;
  readonly base?: string;
};

interface PolicyChange {
  readonly agent?: Partial<Policy['agent']>;
  readonly limits?: Partial<Policy['limits']>;
  readonly verification?: Partial<Policy['verification']>;
  readonly setUp?: Partial<Policy['setUp']>;
  readonly workspace?: Policy['workspace'];
}

/** The runner's only token; it can only read. */
const readToken = 'source-read-token';
export const nothingLeft = { workspaces: [], openRuns: 0 };

/** `setUp` is what the host provides to set-ups; by default no host name resolves. */
export async function stageRunner({
  policy,
  setUp,
}: {
  readonly policy?: string;
  readonly setUp?: Partial<RunnerPorts['setUp']>;
} = {}): Promise<RunnerStage> {
  const scheduler = await stageScheduler(policy === undefined ? {} : { policy });
  const { simulator, artifacts, dir } = scheduler;
  simulator.admin.addToken({ token: readToken, login: 'rita', permissions: { contents: 'read' } });
  const gateway = await openStage({ script: prose });
  const agentDir = join(dir, 'agent');
  await mkdir(agentDir, { recursive: true });
  await chmod(agentDir, 0o755);
  const { apiUrl } = simulator;
  const source = createGitHub({
    ...{ apiUrl, userAgent: 'signalbox-runner-test' },
    credential: { kind: 'token', token: readToken },
  });
  const command = { name: 'test-agent', command: '/opt/agent/agent.sh', args: [], needsModel: false };
  const mounts = [{ from: agentDir, to: '/opt/agent' }];
  let adapter = commandAdapter({ ...command, readOnlyMounts: mounts });
  const ports: RunnerActivityPorts = {
    artifacts,
    mirrorsDir: join(dir, 'runner-mirrors'),
    workspacesDir: join(dir, 'workspaces'),
    leasesDir: join(dir, 'leases'),
    remote: repository => ({ url: repository.cloneUrl, token: () => source.token(where) }),
    tier,
    modelGateway: gateway.client,
    adapterFor: () => adapter,
    setUp: { layersDir: join(dir, 'layers'), dial: async () => ({ refused: 'no way out' }), ...setUp },
    logger: pino({ enabled: false }),
  };
  return {
    ...{ scheduler, gateway, ports, activities: runnerActivities(ports) },
    agent: async (script, { needsModel = false } = {}) => {
      await writeFile(join(agentDir, 'agent.sh'), `#!/bin/bash\n${script}\n`, { mode: 0o755 });
      adapter = commandAdapter({ ...command, readOnlyMounts: mounts, needsModel });
    },
    policyWith: async ({ agent, limits, verification, setUp, workspace }) => {
      const { policy } = scheduler;
      return await putCanonical(artifacts, {
        ...withoutDigest(policy),
        agent: { ...policy.agent, ...agent },
        limits: { ...policy.limits, ...limits },
        verification: { ...policy.verification, ...verification },
        setUp: { ...policy.setUp, ...setUp },
        workspace: { ...policy.workspace, ...workspace },
      });
    },
    runInput: change => runInput(scheduler, change),
    leftovers: async () => ({
      workspaces: await readdir(ports.workspacesDir).catch(() => []),
      openRuns: (await gateway.client.health()).openRuns,
    }),
    end: async () => {
      await gateway.close();
      await scheduler.end();
    },
  };
}

const runIdStart = `run-${process.pid}-`;
let runs = 0;

/** The input of a run, on an issue that the activity `look` has read. */
async function runInput(stage: SchedulerStage, change: RunChange = {}): Promise<EffectInput<'run-agent'>> {
  const context = stage.context(newIssue(stage, 'The card is stale'));
  const facets = ['issue'] as const;
  const asked = { context, facets, commentsReadTo: 0, reviewsSeen: 0 };
  const { issue } = await factOf(stage.activities.look, asked);
  if (issue === undefined || 'gone' in issue) throw new Error('no issue');
  const { policy = stage.policy.digest, base = stage.repository.head, ...effect } = change;
  runs += 1;
  return {
    context,
    effect: {
      kind: 'run-agent',
      ...{ runId: `${runIdStart}${runs}`, attempt: 1, mode: 'auto-run', lessons: [], costUsdMax: 1 },
      ...effect,
      inputs: { subject: issue.digest, policy, base },
    },
  };
}

export async function until(condition: () => Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  const endsAt = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > endsAt) throw new Error('the condition was not met in time');
    await new Promise(resolve => setTimeout(resolve, 20));
  }
}

function withoutDigest(policy: Policy): Omit<Policy, 'digest'> {
  const entries = Object.entries(policy).filter(([key]) => key !== 'digest');
  return Object.fromEntries(entries) as unknown as Omit<Policy, 'digest'>;
}

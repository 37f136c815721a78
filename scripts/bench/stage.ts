/** A repository on the simulated GitHub, a model gateway before the scripted provider, and the runner's real activities. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pino from 'pino';
import { type RunnerActivityPorts, runnerActivities } from '../../src/activities/runner.ts';
import { codexAdapter } from '../../src/agents/codex/adapter.ts';
import type { CodexBinary } from '../../src/agents/codex/binary.ts';
import { detectTier } from '../../src/box/detect.ts';
import type { EffectInput, RunnerActivities } from '../../src/contracts/activities.ts';
import { greetingFix } from '../../simulator/model/scripts.ts';
import { factOf } from '../../test/activities/support/perform.ts';
import { type SchedulerStage, stageScheduler } from '../../test/activities/support/stage.ts';
import { openStage, type Stage } from '../../test/model-gateway/support/gateway.ts';

export interface BenchStage {
  readonly scheduler: SchedulerStage;
  readonly gateway: Stage;
  readonly ports: RunnerActivityPorts;
  readonly activities: RunnerActivities;
  readonly base: string;
  readonly runInput: () => EffectInput<'run-agent'>;
  readonly end: () => Promise<void>;
}

/** The demo's project plus `count` files. */
export async function openBenchStage(binary: CodexBinary, files: number): Promise<BenchStage> {
  const scheduler = await stageScheduler();
  const base = await scheduler.person('acme').pushCommit({
    ...{ branch: 'main', message: 'project' },
    files: { ...(await projectFiles()), ...moreFiles(files) },
  });
  const gateway = await openStage({ script: greetingFix() });
  const { artifacts, dir } = scheduler;
  const ports: RunnerActivityPorts = {
    artifacts,
    mirrorsDir: join(dir, 'runner-mirrors'),
    workspacesDir: join(dir, 'workspaces'),
    leasesDir: join(dir, 'leases'),
    remote: repository => ({ url: repository.cloneUrl, token: () => Promise.resolve('rita-token') }),
    tier: await detectTier(),
    modelGateway: gateway.client,
    adapterFor: () => codexAdapter(binary),
    setUp: { layersDir: join(dir, 'layers'), dial: () => Promise.resolve({ refused: 'no way out' }) },
    logger: pino({ enabled: false }),
  };
  const context = scheduler.context(
    scheduler.person('alice').openIssue({ title: 'Stale', body: 'text' }).number,
  );
  const looked = { context, facets: ['issue'] as const, commentsReadTo: 0, reviewsSeen: 0 };
  const { issue } = await factOf(scheduler.activities.look, looked);
  if (issue === undefined || 'gone' in issue) throw new Error('the issue does not exist');
  let runs = 0;
  return {
    ...{ scheduler, gateway, ports, activities: runnerActivities(ports), base },
    runInput: () => ({
      context,
      effect: {
        kind: 'run-agent',
        ...{
          runId: `bench-${process.pid}-${++runs}`,
          attempt: 1,
          mode: 'auto-run',
          lessons: [],
          costUsdMax: 100,
        },
        inputs: { subject: issue.digest, policy: scheduler.policy.digest, base },
      },
    }),
    end: async () => {
      await gateway.close();
      await scheduler.end();
    },
  };
}

async function projectFiles(): Promise<Record<string, string>> {
  const root = fileURLToPath(new URL('../../simulator/project/files', import.meta.url));
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const found = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  const texts = found.map(async file => [file.slice(root.length + 1), await readFile(file, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(texts));
}

function moreFiles(count: number): Record<string, string> {
  const text = 'export const line = "a line of an ordinary file";\n'.repeat(40);
  const name = (index: number): string => `src/more/part-${index % 50}/file-${index}.js`;
  return Object.fromEntries(
    Array.from({ length: count }, (_none, index) => [name(index), `// ${index}\n${text}`]),
  );
}

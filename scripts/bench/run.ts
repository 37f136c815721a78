/** The rounds of `npm run bench:run` and their figures. */
import { agentTask, taskIssue } from '../../src/activities/runner/agent-task.ts';
import { runContext } from '../../src/activities/runner/run-context.ts';
import { loadIssue } from '../../src/activities/stored.ts';
import { mirrorWith } from '../../src/activities/change.ts';
import { findCodex } from '../../src/agents/codex/binary.ts';
import { historyOf } from '../../src/git/history.ts';
import { cloneWorkspace } from '../../src/git/workspace-clone.ts';
import { factOf } from '../../test/activities/support/perform.ts';
import { providerKey } from '../../test/model-gateway/support/gateway.ts';
import { bareRun } from './bare.ts';
import { line, type Spread, spread, timed } from './figures.ts';
import { measureParts, type Parts } from './parts.ts';
import { type BenchStage, openBenchStage } from './stage.ts';
import { streamDelays } from './stream.ts';

export interface BenchPlan {
  readonly rounds: number;
  /** Of the repository. */
  readonly files: number;
  readonly say: (line: string) => void;
}

export interface BenchFigures {
  readonly rounds: number;
  readonly files: number;
  readonly bareMs: Spread;
  readonly boxedMs: Spread;
  /** Of the medians. */
  readonly ratio: number;
  readonly addedMs: number;
  readonly partsMs: Readonly<Record<string, Spread>>;
  readonly streamDelayMs: { readonly straight: Spread; readonly boxed: Spread };
}

export async function benchRun({ rounds, files, say }: BenchPlan): Promise<BenchFigures> {
  const binary = findCodex();
  if (binary === undefined) throw new Error('there is no Codex binary for this platform. Fix: run npm ci');
  const stage = await openBenchStage(binary, files);
  try {
    const bare = await bareRunner(stage, binary);
    const measured: { bare: number; boxed: number; parts: Parts }[] = [];
    // Do not count the first round: it fills the mirror and the caches.
    for (let round = 0; round <= rounds; round++) {
      const one = {
        bare: await bare(),
        boxed: await boxedRun(stage),
        parts: await measureParts(stage, round),
      };
      if (round > 0) measured.push(one);
    }
    const figures = await figuresOf(measured, { rounds, files });
    for (const text of linesOf(figures)) say(text);
    return figures;
  } finally {
    await stage.end();
  }
}

/** The same task, prompt and repository as in the box. */
async function bareRunner(
  stage: BenchStage,
  binary: NonNullable<ReturnType<typeof findCodex>>,
): Promise<() => Promise<number>> {
  const { scheduler, ports, base, gateway } = stage;
  const input = stage.runInput();
  const { policy } = scheduler;
  const stored = await loadIssue(ports.artifacts, input.effect.inputs.subject, policy);
  const history = historyOf(policy.workspace);
  const mirror = await mirrorWith(ports, { repository: scheduler.repository, commit: base, history });
  const context = await runContext({ mirror, base, policy, snapshot: stored.snapshot });
  const issue = taskIssue(input.context.issue);
  const task = agentTask({ issue, effect: input.effect, policy, stored, context });
  const model = { name: policy.agent.model, baseUrl: gateway.model.url, token: providerKey };
  const checkout = (dir: string) => cloneWorkspace({ mirror, base, dir, history });
  return () => bareRun({ binary, task, model, checkout });
}

/** From the effect to the judged commit: mirror, clone, box, gateway, agent, export, build. */
async function boxedRun({ activities, scheduler, runInput, base }: BenchStage): Promise<number> {
  const input = runInput();
  return await timed(async () => {
    const { end } = await factOf(activities.runAgent, input);
    if (end.manifest === undefined) throw new Error(`the boxed run ended with ${end.ending}: ${end.summary}`);
    const effect = {
      kind: 'build-change' as const,
      ...{ runId: input.effect.runId, base, manifest: end.manifest, message: 'Mend', when: 1_700_000_000 },
    };
    const fact = await factOf(scheduler.activities.buildChange, { context: input.context, effect });
    if (fact.type !== 'change-built') throw new Error(JSON.stringify(fact));
  });
}

async function figuresOf(
  measured: readonly { bare: number; boxed: number; parts: Parts }[],
  { rounds, files }: Omit<BenchPlan, 'say'>,
): Promise<BenchFigures> {
  const bareMs = spread(measured.map(({ bare }) => bare));
  const boxedMs = spread(measured.map(({ boxed }) => boxed));
  const names = Object.keys(measured[0]?.parts ?? {});
  const { straight, boxed } = await streamDelays();
  return {
    ...{ rounds, files, bareMs, boxedMs },
    ratio: Number((boxedMs.median / bareMs.median).toFixed(2)),
    addedMs: Math.round(boxedMs.median - bareMs.median),
    partsMs: Object.fromEntries(
      names.map(name => [name, spread(measured.map(({ parts }) => parts[name] ?? Number.NaN))]),
    ),
    streamDelayMs: { straight: spread(straight), boxed: spread(boxed) },
  };
}

function linesOf(figures: BenchFigures): readonly string[] {
  const { bareMs, boxedMs, partsMs, streamDelayMs } = figures;
  return [
    `${figures.rounds} rounds, a repository of ${figures.files} files and the demo's project, the real Codex binary`,
    `${'milliseconds'.padEnd(44)}${['min', 'median', 'max'].map(name => name.padStart(8)).join('')}`,
    line('bare agent run', bareMs),
    line('run in the box, from effect to commit', boxedMs),
    `ratio of the medians ${figures.ratio}, added ${figures.addedMs} ms`,
    '',
    'parts, each measured separately',
    ...Object.entries(partsMs).map(([name, part]) => line(`  ${name}`, part)),
    '',
    'one streamed piece, from the provider to the agent',
    line('  straight', streamDelayMs.straight),
    line('  through gateway, socket, box and relay', streamDelayMs.boxed),
  ];
}

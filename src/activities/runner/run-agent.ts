/** One agent run: private workspace → box → report and change manifest. Every way it can end has a name. */
import type { EffectInput } from '../../contracts/activities.ts';
import { renderPrompt } from '../../agents/prompt.ts';
import type { AgentAdapter } from '../../agents/adapter.ts';
import { mountProblem } from '../../box/mount-check.ts';
import type { Workspace } from '../../box/workspace.ts';
import type { BoxMount } from '../../box/spec.ts';
import { withFreshWorkspace } from './fresh-workspace.ts';
import type { Policy } from '../../domain/policy.ts';
import { MODE_RIGHTS } from '../../domain/mode.ts';
import type { RepositoryFacts } from '../../domain/state/reading.ts';
import type { RunEnd } from '../../domain/state/work.ts';
import { historyOf } from '../../git/history.ts';
import { cloneWorkspace } from '../../git/workspace-clone.ts';
import { mirrorWith } from '../change.ts';
import { PermanentFailure } from '../effect-failure.ts';
import { loadCheckOutput, loadPolicy, loadIssue } from '../stored.ts';
import { agentTask, type FailedOutput, type TaskIssue } from './agent-task.ts';
import type { Heartbeat } from './heartbeat.ts';
import { keptIfAsked } from './kept-workspace.ts';
import { reviewFeedback } from './review-feedback.ts';
import { inBox } from './run-in-box.ts';
import { runContext } from './run-context.ts';
import { runEnd } from './run-end.ts';
import { withBaseSetUp } from './set-up.ts';
import type { SetUp } from './set-up-types.ts';
import { withModel } from './model.ts';
import type { RunnerPorts } from './ports.ts';

export interface AgentRunPlan {
  /** Names the workspace and the account at the model gateway; unique on this host. */
  readonly runName: string;
  readonly repository: RepositoryFacts;
  readonly issue: TaskIssue;
  readonly effect: EffectInput<'run-agent'>['effect'];
}

/** The run itself, started by Temporal or by hand. */
export async function agentRun(
  ports: RunnerPorts,
  plan: AgentRunPlan,
  heartbeat: Heartbeat,
): Promise<RunEnd> {
  const { runName, repository, issue, effect } = plan;
  const policy = await loadPolicy(ports.artifacts, effect.inputs.policy);
  const stored = await loadIssue(ports.artifacts, effect.inputs.subject, policy);
  const reviews = await reviewFeedback(ports.artifacts, effect);
  const checks = await failedOutputs(ports, effect);
  const adapter = ports.adapterFor(policy);
  await requireReadable(ports, adapter, heartbeat.signal);
  heartbeat.setDetails({ doing: 'cloning' });
  const { signal } = heartbeat;
  const { base } = effect.inputs;
  const history = historyOf(policy.workspace);
  const mirror = await mirrorWith(ports, { repository, commit: base, history, signal });
  const context = await runContext({ mirror, base, policy, snapshot: stored.snapshot });
  const task = agentTask({ issue, effect, policy, stored, context, reviews, checks });
  const fill = (dir: string): Promise<void> => cloneWorkspace({ mirror, base, dir, history, signal });
  const account = { runName, policy, costUsdMax: effect.costUsdMax, needed: adapter.needsModel };
  const tree = { mirror, commit: base };
  const from = { repository: repository.id, target: repository.target?.branch, tree };
  const below = { ...from, policy: policy.setUp, name: runName, heartbeat };
  return await withBaseSetUp(ports, below, setUp =>
    withWorkspace(ports, { runName, fill, setUp, policy }, ({ workspace, overlays }) =>
      withModel(ports, account, async model => {
        const prompt = renderPrompt(task, policy.agent.prompt);
        const recorded = await ports.artifacts.put(Buffer.from(prompt, 'utf8'), 'text/markdown');
        const launch = await adapter.prepare({ task, prompt, model: model.agent, runDir: workspace.runDir });
        const outcome = await inBox(ports, {
          launch,
          adapter,
          policy,
          workspace,
          overlays,
          model,
          heartbeat,
        });
        return await runEnd(ports, {
          outcome,
          adapter,
          usage: await model.settle(),
          workspace,
          base,
          prompt: recorded,
          runToken: model.agent.token,
          takesChange: MODE_RIGHTS[effect.mode].mayWrite,
          layerPlaces: setUp.places,
          heartbeat,
        });
      }),
    ),
  );
}

async function failedOutputs(
  { artifacts }: RunnerPorts,
  { failedChecks = [] }: AgentRunPlan['effect'],
): Promise<readonly FailedOutput[]> {
  return await Promise.all(
    failedChecks.map(async ({ name, detail, output }) => ({
      name,
      detail,
      output: output === undefined ? '' : await loadCheckOutput(artifacts, output),
    })),
  );
}

/** A fault of the host: found before the run, it costs no attempt. */
async function requireReadable(
  { tier }: RunnerPorts,
  { readOnlyMounts }: AgentAdapter,
  signal: AbortSignal,
): Promise<void> {
  const problem = await mountProblem(tier, readOnlyMounts, signal);
  if (problem !== undefined)
    throw new PermanentFailure('RunnerFailed', `${problem.what}. Fix: ${problem.fix}`);
}

interface RunPlacePlan {
  readonly runName: string;
  readonly fill: (dir: string) => Promise<void>;
  readonly setUp: SetUp;
  readonly policy: Policy;
}

interface RunPlace {
  readonly workspace: Workspace;
  readonly overlays: readonly BoxMount[];
}

/** Always removes the workspace, unless the policy asks to keep it. */
async function withWorkspace(
  ports: RunnerPorts,
  { runName, fill, setUp, policy }: RunPlacePlan,
  use: (place: RunPlace) => Promise<RunEnd>,
): Promise<RunEnd> {
  let overlays: readonly BoxMount[] = [];
  const filled = async (dir: string): Promise<void> => {
    await fill(dir);
    ({ overlays } = await setUp.place(dir));
  };
  return await withFreshWorkspace(ports, { name: runName, fill: filled }, async workspace =>
    keptIfAsked(await use({ workspace, overlays }), { workspace, policy }),
  );
}

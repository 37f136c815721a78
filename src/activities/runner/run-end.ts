/** Names the ending of a run and stores what it left: report, transcript, and the change as bytes. */
import type { AgentAdapter, AgentEnding } from '../../agents/adapter.ts';
import { endingName } from '../../agents/adapter.ts';
import type { BoxResult } from '../../box/spec.ts';
import { exportChange } from '../../box/change-export.ts';
import type { RunUsage } from '../../model-gateway/types.ts';
import { boxFacts } from '../../box/about-box.ts';
import type { Workspace } from '../../box/workspace.ts';
import type { Digest } from '../../domain/digest.ts';
import type { Ending } from '../../domain/ending.ts';
import type { RunEnd } from '../../domain/state/work.ts';
import { putCanonical } from '../stored.ts';
import { accountOf } from './account.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { RunnerPorts } from './ports.ts';
import type { BoxOutcome } from './run-in-box.ts';
import { holdsToken } from './run-token.ts';

const SUMMARY_CHARS_MAX = 2_000;

export interface EndPlan {
  readonly outcome: BoxOutcome;
  readonly adapter: AgentAdapter;
  readonly usage: RunUsage;
  readonly workspace: Workspace;
  readonly base: string;
  readonly takesChange: boolean;
  /** Digest of the prompt in the artifact store. */
  readonly prompt: Digest;
  /** Paths of the set-up's layer in the workspace. */
  readonly layerPlaces: readonly string[];
  readonly runToken: string;
  readonly heartbeat: Heartbeat;
}

export async function runEnd(ports: RunnerPorts, plan: EndPlan): Promise<RunEnd> {
  const { outcome, usage } = plan;
  const common = {
    endedAt: Date.now(),
    usage: { inputTokens: usage.inputTokens, outputTokens: usage.outputTokens, costUsd: usage.costUsd },
    transcript: await outcome.transcript.store(ports.artifacts),
    prompt: plan.prompt,
    ...(await commandsOf(ports, outcome)),
    box: boxFacts(ports.tier),
  };
  const limit = endedByUs(outcome);
  if (limit !== undefined) return { ...common, ...limit };
  const ending = agentEnding(plan);
  if (ending.kind !== 'reported') {
    const summary = hasSpentMemory(outcome, ending)
      ? MEMORY_SPENT
      : ending.detail.slice(0, SUMMARY_CHARS_MAX);
    return { ...common, ending: endingName(ending), summary, ...providerWait(usage, common.endedAt) };
  }
  const { report } = ending;
  const reported = {
    ...common,
    ending: endingName(ending),
    summary: report.summary.slice(0, SUMMARY_CHARS_MAX),
    ...(report.questions.length === 0 ? {} : { questions: questionsOf(report.questions) }),
    account: accountOf(report),
    report: await putCanonical(ports.artifacts, report),
    ...(report.declaredRisk === null ? {} : { raisedRisk: report.declaredRisk }),
  };
  return report.outcome === 'patch' && plan.takesChange
    ? { ...reported, ...(await takeChange(ports, plan)) }
    : reported;
}

/** Only while the provider's answer is the last that the run got. */
function providerWait({ retryAt }: RunUsage, endedAt: number): Pick<RunEnd, 'retryAfterMs'> {
  return retryAt === null || retryAt <= endedAt ? {} : { retryAfterMs: retryAt - endedAt };
}

/** What people are asked; the report has all of it. */
function questionsOf(questions: readonly string[]): readonly string[] {
  return questions.slice(0, QUESTIONS_MAX).map(question => question.slice(0, SUMMARY_CHARS_MAX));
}

const QUESTIONS_MAX = 5;

async function commandsOf(ports: RunnerPorts, { commands }: BoxOutcome): Promise<Pick<RunEnd, 'commands'>> {
  const all = commands.all();
  return all.length === 0 ? {} : { commands: await putCanonical(ports.artifacts, all) };
}

/** The same summary, whether a control group or the runner's own watch enforced the limit. */
const MEMORY_SPENT = 'the box used more memory than allowed';

/** The kernel killed a process in the box for memory, and the run crashed. */
function hasSpentMemory({ result }: BoxOutcome, { kind }: AgentEnding): boolean {
  return kind === 'crashed' && (result.memoryKills ?? 0) > 0;
}

/** A limit that the runner enforces names the ending, whatever the agent printed before. */
function endedByUs({
  result,
  noProgress,
}: BoxOutcome): { readonly ending: Ending; readonly summary: string } | undefined {
  if (noProgress)
    return {
      ending: 'no-progress',
      summary: 'the agent ran no command and wrote no change or message for longer than the policy allows',
    };
  switch (result.ending) {
    case 'wall-clock':
    case 'silence':
    case 'output-limit':
      return { ending: result.ending, summary: `the run reached its ${result.ending} limit` };
    case 'workspace-limit':
      return { ending: 'output-limit', summary: 'the workspace grew beyond its limit' };
    case 'memory-limit':
      return { ending: 'crashed', summary: MEMORY_SPENT };
    case 'cancelled':
      return { ending: 'cancelled', summary: 'the run was cancelled' };
    case 'could-not-start':
      return { ending: 'sandbox-broken', summary: whyNotStarted(result) };
    case 'exited':
      return undefined;
  }
}

function whyNotStarted({ problem = '' }: BoxResult): string {
  return problem.slice(-SUMMARY_CHARS_MAX);
}

function agentEnding({ outcome, adapter, usage }: EndPlan): AgentEnding {
  const { result } = outcome;
  return adapter.finish({
    exit: { code: result.exitCode ?? null, signal: result.signal ?? null },
    stdout: outcome.stdout,
    stderr: result.stderrTail,
    gateway: { overBudget: usage.overBudget, lastProblem: usage.lastProblem },
  });
}

async function takeChange(
  ports: RunnerPorts,
  plan: EndPlan,
): Promise<Partial<RunEnd> & { readonly ending?: Ending }> {
  const { tier } = ports;
  const taken = await exportChange({
    tier,
    workspaceDir: plan.workspace.dir,
    baseCommit: plan.base,
    layerPlaces: plan.layerPlaces,
    signal: plan.heartbeat.signal,
    onHolder: plan.heartbeat.onHolder,
  });
  if ('problem' in taken) return { ending: 'change-refused', summary: taken.problem };
  // No secret scanner recognises it, and it must not leave the runner, even after it has expired.
  if (holdsToken(taken.manifest, plan.runToken))
    return { ending: 'change-refused', summary: 'the change contains the run’s token' };
  return { manifest: await ports.artifacts.put(taken.manifest, 'application/octet-stream') };
}

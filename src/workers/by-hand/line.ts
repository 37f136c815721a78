/** The steps: agent run, commit, verification, evidence. Each step is a function of the scheduler or the runner. */
import { agentRun } from '../../activities/runner/run-agent.ts';
import { checkedChange, verificationOf } from '../../activities/runner/verify-change.ts';
import { type JudgedChange, withJudgedChange } from '../../activities/change.ts';
import { changeFacts } from '../../activities/scheduler/build-change.ts';
import { storedEvidence } from '../../activities/scheduler/evidence.ts';
import type { HandHooks } from '../../client/cli/run/by-hand.ts';
import { sequelIn } from '../../domain/facts.ts';
import { commitMessageFor } from '../../domain/pull-request-text.ts';
import type { Change, Evidence, Refusal, RunFacts, Verification } from '../../domain/state/work.ts';
import type { BuildPlan } from '../../domain/step.ts';
import { keepCommit } from '../../git/keep-commit.ts';
import type { HandContext } from './context.ts';

export type EndedRun = RunFacts & Required<Pick<RunFacts, 'end'>>;

export interface Done {
  readonly run: EndedRun;
  readonly refusals: readonly Refusal[];
  readonly made?: Made;
}

export interface Made {
  readonly change: Change;
  readonly verification: Verification;
  readonly evidence: Evidence;
}

/** The only run of its folder. */
const RUN_ID = 'by-hand';
const RUN_NAME = `by-hand.${process.pid}`;

export async function handLine(context: HandContext, hooks: HandHooks): Promise<Done> {
  const run = await runOf(context, hooks);
  const { manifest } = run.end;
  if (manifest === undefined || sequelIn(run.mode, run.end.ending) !== 'build') return { run, refusals: [] };
  const { issue } = context.ask;
  const plan: BuildPlan = {
    runId: RUN_ID,
    base: context.inputs.base,
    manifest,
    message: commitMessageFor({ title: issue.title, issue: issue.name, runId: RUN_ID }),
    when: Math.floor(run.startedAt / 1_000),
  };
  hooks.say('building the commit');
  const { ports, policy, repository } = context;
  const input = { repository, policy, plan, signal: hooks.signal };
  const made = await withJudgedChange(ports, input, change => madeOf(context, hooks, { run, plan, change }));
  return 'refusals' in made ? { run, refusals: made.refusals } : { run, refusals: [], made };
}

interface BuiltChange {
  readonly run: EndedRun;
  readonly plan: BuildPlan;
  readonly change: JudgedChange;
}

/** The commit is built once: the person gets the commit that was verified. */
async function madeOf(
  context: HandContext,
  hooks: HandHooks,
  { run, plan, change: judged }: BuiltChange,
): Promise<Made> {
  const { ports, policy, repository } = context;
  const change = await changeFacts(ports, plan, judged);
  const { commit, files } = change;
  const effect = { kind: 'verify-change', ...plan, commit, files } as const;
  const work = { runName: RUN_NAME, repository, policy, effect };
  const found = await verificationOf(ports, work, {
    heartbeat: heartbeatOf(hooks),
    change: checkedChange(judged),
  });
  const subject = { issue: context.ask.issue.name, generation: 1, run, change, verification: found };
  const evidence = await storedEvidence(ports.artifacts, subject);
  const { mirror, built } = judged;
  const { quarantine } = built;
  await keepCommit({ mirror, quarantine, base: plan.base, commit, branch: context.branch });
  return { change, verification: found, evidence };
}

/** A run by hand is always attempt 1: lessons of earlier runs are in the issue text. */
async function runOf(context: HandContext, hooks: HandHooks): Promise<EndedRun> {
  const { inputs, mode, policy, repository, issue } = context;
  const facts = { runId: RUN_ID, attempt: 1, mode, inputs };
  const { costUsdMax } = policy.limits;
  const startedAt = Date.now();
  hooks.say(`starting ${context.agent.name} in the box`);
  const effect = { kind: 'run-agent', ...facts, lessons: [], costUsdMax } as const;
  const end = await agentRun(
    context.ports,
    { runName: RUN_NAME, repository, issue, effect },
    heartbeatOf(hooks),
  );
  hooks.signal.throwIfAborted();
  hooks.say(`the agent ended: ${end.ending}`);
  return { ...facts, startedAt, costUsdMax, end };
}

/** Reports to the person what a runner would send as heartbeat details. */
function heartbeatOf({ signal, say }: HandHooks) {
  return {
    signal,
    setDetails: (detail: unknown): void => {
      const { doing = '', text = '' } = detail as { readonly doing?: string; readonly text?: string };
      say(text === '' ? doing : `${doing}: ${text}`);
    },
  };
}

/** The line itself: agent run, commit, verification, evidence. Each step is the scheduler's or the runner's own function. */
import { agentRun } from '../../activities/runner/run-agent.ts';
import { verification } from '../../activities/runner/verify-change.ts';
import { withVerifiedChange } from '../../activities/change.ts';
import { builtChange } from '../../activities/scheduler/build-change.ts';
import { storedEvidence } from '../../activities/scheduler/evidence.ts';
import type { HandHooks } from '../../client/cli/run/by-hand.ts';
import { sequelIn } from '../../domain/facts.ts';
import { commitMessageFor } from '../../domain/pull-request-text.ts';
import type { Change, Evidence, Refusal, RunFacts, Verification } from '../../domain/state.ts';
import type { BuildPlan } from '../../domain/step.ts';
import { keepCommit } from '../../git/keep-commit.ts';
import type { Ground } from './ground.ts';
import { handRunName } from './left-over.ts';

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
const RUN_NAME = handRunName(process.pid);

export async function handLine(ground: Ground, hooks: HandHooks): Promise<Done> {
  const run = await runOf(ground, hooks);
  const { manifest } = run.end;
  if (manifest === undefined || sequelIn(run.mode, run.end.ending) !== 'build') return { run, refusals: [] };
  const { issue } = ground.ask;
  const plan: BuildPlan = {
    runId: RUN_ID,
    base: ground.inputs.base,
    manifest,
    message: commitMessageFor({ title: issue.title, issue: issue.name, runId: RUN_ID }),
    when: Math.floor(run.startedAt / 1_000),
  };
  hooks.say('building the commit');
  const { ports, policy, repository } = ground;
  const input = { repository, policy, plan, signal: hooks.signal };
  const change = await builtChange(ports, input);
  if ('refusals' in change) return { run, refusals: change.refusals };
  const effect = { kind: 'verify-change', ...plan, commit: change.commit, files: change.files } as const;
  const found = await verification(ports, { runName: RUN_NAME, repository, policy, effect }, pulseOf(hooks));
  const { commit } = change;
  const subject = { issue: issue.name, generation: 1, run, change, verification: found };
  const evidence = await storedEvidence(ports.artifacts, subject);
  await withVerifiedChange(ports, { ...input, commit }, async ({ mirror, built }) => {
    const { quarantine } = built;
    await keepCommit({ mirror, quarantine, base: plan.base, commit, branch: ground.branch });
  });
  return { run, refusals: [], made: { change, verification: found, evidence } };
}

/** A person's attempt is always the first: what was learnt before stands in the issue. */
async function runOf(ground: Ground, hooks: HandHooks): Promise<EndedRun> {
  const { inputs, mode, policy, repository, issue } = ground;
  const facts = { runId: RUN_ID, attempt: 1, mode, inputs };
  const { costUsdMax } = policy.limits;
  const startedAt = Date.now();
  hooks.say(`starting ${ground.agent.name} in the box`);
  const effect = { kind: 'run-agent', ...facts, lessons: [], costUsdMax } as const;
  const end = await agentRun(ground.ports, { runName: RUN_NAME, repository, issue, effect }, pulseOf(hooks));
  hooks.signal.throwIfAborted();
  hooks.say(`the agent ended: ${end.ending}`);
  return { ...facts, startedAt, costUsdMax, end };
}

/** What the heartbeats of a runner would carry. */
function pulseOf({ signal, say }: HandHooks) {
  return {
    signal,
    say: (detail: unknown): void => {
      const { doing = '', text = '' } = detail as { readonly doing?: string; readonly text?: string };
      say(text === '' ? doing : `${doing}: ${text}`);
    },
  };
}

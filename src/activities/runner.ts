/** The activities of the runner worker, built from its ports: agent runs and verifications. */
import type { RunnerActivities } from '../contracts/activities.ts';
import type { IssueRef } from '../domain/issue-ref.ts';
import { repositoryOf } from './effect-context.ts';
import { mapped } from './failures.ts';
import { taskIssue } from './runner/agent-task.ts';
import { withIssueLease } from './runner/issue-lease.ts';
import { withHeartbeat } from './runner/with-heartbeat.ts';
import type { Heartbeat } from './runner/heartbeat.ts';
import type { RunnerPorts } from './runner/ports.ts';
import { agentRun } from './runner/run-agent.ts';
import { runNameOf } from './runner/run-name.ts';
import { aheadVerification } from './runner/verify-ahead.ts';
import { candidateVerification } from './runner/verify-candidate.ts';
import { verification } from './runner/verify-change.ts';
import { loadPolicy } from './stored.ts';

export interface RunnerActivityPorts extends RunnerPorts {
  /** The same for all runners of this host. */
  readonly leasesDir: string;
}

export function runnerActivities(ports: RunnerActivityPorts): RunnerActivities {
  return {
    runAgent: mapped(runAgent(ports)),
    verifyChange: mapped(verifyChange(ports)),
    verifyCandidate: mapped(verifyCandidate(ports)),
    verifyAhead: mapped(verifyAhead(ports)),
  };
}

function runAgent(ports: RunnerActivityPorts): RunnerActivities['runAgent'] {
  return ({ context, effect }) =>
    alone(ports, context.issue, async heartbeat => {
      const { runId } = effect;
      const repository = repositoryOf(context);
      const plan = { runName: runNameOf(context.issue, runId), issue: taskIssue(context.issue) };
      ports.logger.info({ mode: effect.mode }, 'run started');
      const end = await agentRun(ports, { ...plan, repository, effect }, heartbeat);
      ports.logger.info({ ending: end.ending, costUsd: end.usage.costUsd }, 'run ended');
      return { type: 'run-ended', runId, end };
    });
}

function verifyChange(ports: RunnerActivityPorts): RunnerActivities['verifyChange'] {
  return ({ context, effect }) =>
    alone(ports, context.issue, async heartbeat => {
      const repository = repositoryOf(context);
      const policy = await loadPolicy(ports.artifacts, context.policy);
      const runName = runNameOf(context.issue, effect.runId);
      const found = await verification(ports, { runName, repository, policy, effect }, heartbeat);
      return { type: 'verified', verification: found };
    });
}

function verifyCandidate(ports: RunnerActivityPorts): RunnerActivities['verifyCandidate'] {
  return ({ context, effect }) =>
    alone(ports, context.issue, async heartbeat => {
      const repository = repositoryOf(context);
      const policy = await loadPolicy(ports.artifacts, context.policy);
      const runName = runNameOf(context.issue, effect.runId);
      const found = await candidateVerification(ports, { runName, repository, policy, effect }, heartbeat);
      return { type: 'candidate-verified', verification: found };
    });
}

function verifyAhead(ports: RunnerActivityPorts): RunnerActivities['verifyAhead'] {
  return ({ context, effect }) =>
    alone(ports, context.issue, async heartbeat => {
      const repository = repositoryOf(context);
      const policy = await loadPolicy(ports.artifacts, context.policy);
      const runName = runNameOf(context.issue, effect.runId);
      const found = await aheadVerification(ports, { runName, repository, policy, effect }, heartbeat);
      return { type: 'ahead-verified', ...found };
    });
}

/** Never next to another attempt of the same issue. */
function alone<T>(
  { leasesDir }: RunnerActivityPorts,
  issue: IssueRef,
  work: (heartbeat: Heartbeat) => Promise<T>,
): Promise<T> {
  return withHeartbeat(heartbeat => withIssueLease({ leasesDir, issue, heartbeat }, work));
}

/** Builds the worker's only input from what was approved: the snapshot, the policy and the plan of the run. */
import type { EffectInput } from '../../contracts/activities.ts';
import {
  type AgentFeedback,
  type AgentTask,
  agentTaskSchema,
  AGENT_TASK_VERSION,
} from '../../contracts/agent-task.ts';
import { type IssueRef, repositoryName } from '../../domain/issue-ref.ts';
import type { Policy } from '../../domain/policy.ts';
import { historyOf } from '../../git/history.ts';
import { hideSecrets } from '../../git/secret-rules.ts';
import type { StoredIssue } from '../stored.ts';
import type { RunContext } from './run-context.ts';

/** Where the task comes from. An issue that is read from a local file has no number. */
export interface TaskIssue {
  readonly repository: string;
  readonly number: number | null;
}

export interface TaskSources {
  readonly issue: TaskIssue;
  readonly effect: EffectInput<'run-agent'>['effect'];
  readonly policy: Policy;
  readonly stored: StoredIssue;
  readonly context: RunContext;
  /** What reviewers said, which this attempt must address. */
  readonly reviews?: readonly AgentFeedback[];
  /** What failed in CI, with the stored output of each check. */
  readonly checks?: readonly FailedOutput[];
}

export interface FailedOutput {
  readonly name: string;
  readonly detail: string;
  readonly output: string;
}

export function taskIssue(issue: IssueRef): TaskIssue {
  return { repository: repositoryName(issue), number: issue.number };
}

export function agentTask(sources: TaskSources): AgentTask {
  const { issue, effect, policy, stored, context, checks = [], reviews = [] } = sources;
  const { snapshot, contract, other } = stored;
  return agentTaskSchema.parse({
    version: AGENT_TASK_VERSION,
    runId: effect.runId,
    attempt: effect.attempt,
    repository: issue.repository,
    issue: {
      number: issue.number,
      title: snapshot.title,
      body: snapshot.body,
      snapshotDigest: effect.inputs.subject,
    },
    contract: {
      problem: contract.problem,
      expected: contract.expected,
      evidence: contract.evidence,
      acceptanceCriteria: contract.acceptanceCriteria,
      nonGoals: contract.nonGoals,
      risks: contract.risks,
      sourceOfTruth: contract.sourceOfTruth,
      stopConditions: contract.stopConditions,
      mode: effect.mode,
      otherText: other,
    },
    baseCommit: effect.inputs.base,
    instructions: context.instructions,
    contextFiles: context.contextFiles,
    feedback: [...effect.lessons.map(lessonFeedback), ...checks.map(checkFeedback), ...reviews],
    allowedPaths: policy.change.allowedPaths,
    protectedPaths: policy.change.protectedPaths,
    ...(context.filteredFiles.length === 0 ? {} : { filteredFiles: context.filteredFiles }),
    ...(historyOf(policy.workspace).kind === 'shallow' ? { history: 'shallow' } : {}),
    verificationCommands: policy.verification.commands.map(command => command.run),
    limits: {
      wallClockMs: policy.limits.wallClockMs,
      silenceMs: policy.limits.silenceMs,
      tokensMax: policy.limits.tokensMax,
      costUsdMax: effect.costUsdMax,
    },
  });
}

const NO_PLACE = { path: null, line: null };

/** A lesson can quote a token; the model must not get it. */
function lessonFeedback(text: string): AgentFeedback {
  return { source: 'previous-attempt', from: 'scheduler', text: hideSecrets(text), ...NO_PLACE };
}

/** So can a log. */
function checkFeedback({ name, detail, output }: FailedOutput): AgentFeedback {
  return { source: 'check', from: hideSecrets(`${name}: ${detail}`), text: hideSecrets(output), ...NO_PLACE };
}

/** Performs one effect or one piece of upkeep: calls its activity and turns the outcome into an event. */
import {
  ActivityFailure,
  ApplicationFailure,
  CancellationScope,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type {
  EffectContext,
  LookInput,
  RunnerActivities,
  SchedulerActivities,
} from '../contracts/activities.ts';
import { RUNNER_SHUTDOWN } from '../contracts/names.ts';
import { assertNever } from '../domain/assert-never.ts';
import type { Ending } from '../domain/ending.ts';
import type { KnownEdition } from '../domain/edition.ts';
import type { EventBody, FactEvent } from '../domain/event.ts';
import { currentRun } from '../domain/facts.ts';
import { projectedLabels } from '../domain/projection.ts';
import type { ObservedIssue } from '../domain/observation.ts';
import type { IssueState } from '../domain/state.ts';
import type { Effect, Upkeep } from '../domain/step.ts';
import { GIT_EFFECT, GITHUB_EFFECT, RUN } from './activity-options.ts';

const github = proxyActivities<SchedulerActivities>(GITHUB_EFFECT);
const git = proxyActivities<SchedulerActivities>(GIT_EFFECT);
const runner = proxyActivities<RunnerActivities>(RUN);

/** Resolves to the event that the effect ended with; never rejects. */
export async function performEffect(state: IssueState, effect: Effect): Promise<EventBody> {
  try {
    return await send(state, effect);
  } catch (error) {
    return failed(effect, error);
  }
}

/** Resolves to the event that the upkeep ended with; never rejects. Temporal retries what may still succeed. */
export async function performUpkeep(state: IssueState, upkeep: Upkeep): Promise<EventBody> {
  try {
    return await keepUp(state, upkeep);
  } catch (error) {
    const digest = upkeep.kind === 'project' ? { digest: upkeep.digest } : {};
    return { type: 'upkeep-failed', upkeep: upkeep.kind, ...digest, ...failureOf(error) };
  }
}

async function keepUp(state: IssueState, upkeep: Upkeep): Promise<EventBody> {
  const context = contextOf(state);
  switch (upkeep.kind) {
    case 'look': {
      const observation = await github.look({ context, facets: upkeep.facets, ...readBefore(state) });
      return { type: 'observed', observation, mark: upkeep.mark };
    }
    case 'project': {
      const { projection, digest } = upkeep;
      const written = await github.writeProjection({ context, ...writtenBefore(state), projection, digest });
      // The digest as this build computes it: a recorded result holds the digest of the build that ran then.
      return { ...written, digest };
    }
    case 'archive-audit':
      return await github.archiveAudit({ context, records: upkeep.records });
    default:
      return assertNever(upkeep);
  }
}

/** What earlier looks have read: a look reads only what is new in long lists. */
function readBefore(state: IssueState): Omit<LookInput, 'context' | 'facets'> {
  const { pullRequest, commentsReadTo, commentsSince, reviewsSeen, subject, merge, approvals } = state;
  const statusComment = state.projected?.commentId ?? state.statusComment ?? undefined;
  return {
    ...(pullRequest === undefined ? {} : { pullRequest: pullRequest.number }),
    commentsReadTo,
    ...(commentsSince === undefined ? {} : { commentsSince }),
    ...(statusComment === undefined ? {} : { statusComment }),
    reviewsSeen,
    ...(subject === undefined ? {} : optedInBefore(subject)),
    ...(subject === undefined || merge !== undefined ? {} : { edition: judgedEdition(subject, approvals) }),
  };
}

function optedInBefore({ optIn, eventsReadTo: readTo }: ObservedIssue): Pick<LookInput, 'optedIn'> {
  return optIn === null || readTo === undefined ? {} : { optedIn: { by: optIn.by, readTo } };
}

function judgedEdition(
  { edits, updatedAt }: KnownEdition,
  approvals: IssueState['approvals'],
): NonNullable<LookInput['edition']> {
  return {
    ...(edits === undefined ? {} : { edits }),
    ...(updatedAt === undefined ? {} : { updatedAt }),
    reviewsCounted: approvals.flatMap(({ review }) => review ?? []),
    approvedOverTemporal: approvals.some(({ by }) => by.kind === 'person' && by.how === 'temporal'),
  };
}

/** Includes labels and the comment of an earlier generation: the first projection of this one replaces them. */
function writtenBefore({ projected, statusComment, subject }: IssueState) {
  const commentId = projected?.commentId ?? statusComment;
  return {
    ...(commentId === undefined ? {} : { commentId }),
    labelsBefore: projected?.labels ?? projectedLabels(subject?.labels ?? []),
  };
}

function send(state: IssueState, effect: Effect): Promise<FactEvent> {
  const context = contextOf(state);
  switch (effect.kind) {
    case 'read-policy':
      return github.readPolicy.executeWithOptions({ summary: effect.because }, [{ context, effect }]);
    case 'claim-branch':
      return github.claimBranch.executeWithOptions({ summary: effect.branch }, [{ context, effect }]);
    case 'run-agent':
      return runner.runAgent.executeWithOptions({ summary: `${effect.runId}, mode ${effect.mode}` }, [
        { context, effect },
      ]);
    case 'build-change':
      return git.buildChange.executeWithOptions({ summary: `change from run ${effect.runId}` }, [
        { context, effect },
      ]);
    case 'verify-change':
      return runner.verifyChange.executeWithOptions({ summary: `commit ${effect.commit.slice(0, 12)}` }, [
        { context, effect },
      ]);
    case 'assemble-evidence':
      return git.assembleEvidence({ context, effect, ...evidenceFacts(state) });
    case 'push-commit':
      return git.pushCommit.executeWithOptions(
        { summary: `commit ${effect.commit.slice(0, 12)} to ${effect.branch}` },
        [{ context, effect }],
      );
    case 'open-pull-request':
      return github.openPullRequest.executeWithOptions({ summary: summary(effect.title) }, [
        { context, effect },
      ]);
    case 'merge':
      return github.mergePullRequest.executeWithOptions(
        { summary: `#${effect.number} at ${effect.head.slice(0, 12)}` },
        [{ context, effect }],
      );
    case 'check-release':
      return github.checkRelease({ context, effect });
    case 'release-claim':
      return github.releaseClaim({ context, effect });
    case 'close-issue':
      return github.closeIssue({ context, effect });
    default:
      return assertNever(effect);
  }
}

/** Temporal refuses a summary of more than 400 bytes. */
function summary(text: string): string {
  return Array.from(text).slice(0, SUMMARY_CHARS_MAX).join('');
}

const SUMMARY_CHARS_MAX = 100;

function contextOf(state: IssueState): EffectContext {
  const { issue, generation, policy, repository } = state;
  return {
    issue,
    generation,
    ...(policy === undefined ? {} : { policy: policy.digest }),
    ...(repository === undefined ? {} : { repository }),
  };
}

function evidenceFacts(state: IssueState) {
  const run = currentRun(state);
  const { change, verification } = state;
  if (run === undefined || change === undefined || verification === undefined) {
    throw ApplicationFailure.nonRetryable(
      'the evidence step started before a change was verified',
      'Unexpected',
    );
  }
  return { run, change, verification };
}

function failed(effect: Effect, error: unknown): EventBody {
  const isRun = effect.kind === 'run-agent';
  if (isLost(error))
    return isRun
      ? runGone(effect.runId, 'lost', 'the runner stopped sending heartbeats or was shut down')
      : { type: 'step-lost', effect };
  if (isCancellation(error) || CancellationScope.current().consideredCancelled) {
    return isRun
      ? runGone(effect.runId, 'cancelled', 'the run was cancelled before it ended')
      : { type: 'step-cancelled', effect };
  }
  const { failure, message } = failureOf(error);
  if (isRun) return runGone(effect.runId, 'could-not-start', message);
  return { type: 'step-failed', effect, failure, message };
}

function failureOf(error: unknown): { readonly failure: string; readonly message: string } {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  const failure = cause instanceof ApplicationFailure ? (cause.type ?? 'Unexpected') : 'Unexpected';
  return { failure, message: cause instanceof Error ? cause.message : String(cause) };
}

function runGone(runId: string, ending: Ending, summary: string): EventBody {
  const usage = { inputTokens: 0, outputTokens: 0, costUsd: 0 };
  return { type: 'run-ended', runId, end: { ending, endedAt: Date.now(), summary, usage } };
}

/** The heartbeat timed out, or the runner shut down: what the activity did is unknown. */
function isLost(error: unknown): boolean {
  if (!(error instanceof ActivityFailure)) return false;
  const { cause } = error;
  return (
    cause instanceof TimeoutFailure || (cause instanceof ApplicationFailure && cause.type === RUNNER_SHUTDOWN)
  );
}

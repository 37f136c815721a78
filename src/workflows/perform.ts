/** Performs one effect or one piece of upkeep: calls its activity and turns the outcome into an event. */
import { ApplicationFailure, CancellationScope, proxyActivities } from '@temporalio/workflow';
import type {
  CheckReleaseInput,
  EffectContext,
  RunnerActivities,
  SchedulerActivities,
} from '../contracts/activities.ts';
import { assertNever } from '../domain/assert-never.ts';
import { type DelayFacts, delayOf } from '../domain/delay.ts';
import type { DelayedKind } from '../domain/state/delays.ts';
import type { EventBody, FactEvent } from '../domain/event.ts';
import { currentRun } from '../domain/facts.ts';
import type { MergeEffect } from '../domain/merge-effect.ts';
import { omit } from '../domain/omit.ts';
import { projectedLabels } from '../domain/projection.ts';
import type { IssueState } from '../domain/state.ts';
import type { Effect, Notice, Upkeep } from '../domain/step.ts';
import { GIT_EFFECT, GITHUB_EFFECT, NOTICE, RUN, RUN_AHEAD, sentAgain } from './activity-options.ts';
import { delayFacts } from './delayed.ts';
import { failed, failureOf } from './failed-effect.ts';
import { leaveLine } from './leave-line.ts';
import { readBefore } from './read-before.ts';

const scheduler = {
  first: {
    github: proxyActivities<SchedulerActivities>(GITHUB_EFFECT),
    git: proxyActivities<SchedulerActivities>(GIT_EFFECT),
  },
  again: {
    github: proxyActivities<SchedulerActivities>(sentAgain(GITHUB_EFFECT)),
    git: proxyActivities<SchedulerActivities>(sentAgain(GIT_EFFECT)),
  },
} as const;
const notices = proxyActivities<SchedulerActivities>(NOTICE);
const runner = proxyActivities<RunnerActivities>(RUN);
const ahead = proxyActivities<RunnerActivities>(RUN_AHEAD);

/** Resolves to the event that the effect ended with; never rejects. */
export async function performEffect(state: IssueState, effect: Effect): Promise<EventBody> {
  const since = Date.now();
  try {
    return await send(state, effect);
  } catch (error) {
    const delayed = RUNS.includes(effect.kind) ? undefined : delayFacts(error, since);
    if (delayed !== undefined && !CancellationScope.current().consideredCancelled)
      return { type: 'step-delayed', effect, ...delayed };
    return failed(effect, error);
  }
}

/** A second attempt of these would cost money: the rules decide what follows a failed one. */
const RUNS: readonly Effect['kind'][] = ['run-agent', 'verify-change', 'verify-candidate', 'verify-ahead'];

/** Resolves to the event that the upkeep ended with; never rejects. */
export async function performUpkeep(state: IssueState, upkeep: Upkeep): Promise<EventBody> {
  const since = Date.now();
  try {
    return await keepUp(state, upkeep);
  } catch (error) {
    const delayed = delayFacts(error, since);
    if (delayed !== undefined && isTriedLater(upkeep, delayed))
      return { type: 'upkeep-delayed', upkeep: upkeep.kind, ...delayed };
    return { type: 'upkeep-failed', upkeep: upkeep.kind, ...identityOf(upkeep), ...failureOf(error) };
  }
}

/** Nothing depends on a call: only the end of a limit is waited for, because nothing else is sent before it either. */
function isTriedLater({ kind }: Upkeep, { limitEnds }: DelayFacts): boolean {
  return limitEnds !== undefined || (kind !== 'call' && kind !== 'fold-call');
}

function identityOf(upkeep: Upkeep) {
  if (upkeep.kind === 'project') return { digest: upkeep.digest };
  if (upkeep.kind === 'call') return { call: upkeep.call };
  return upkeep.kind === 'fold-call' ? { folded: upkeep.seq } : {};
}

/** Resolves to the event that the notice ended with; never rejects. */
export async function performNotice(state: IssueState, notice: Notice): Promise<EventBody> {
  try {
    return await notices.notifyWebhook.executeWithOptions({ summary: `${notice.hold}, ${notice.rung}` }, [
      { context: contextOf(state), notice },
    ]);
  } catch (error) {
    return { type: 'notified', seq: notice.seq, problem: failureOf(error).message };
  }
}

async function keepUp(state: IssueState, upkeep: Upkeep): Promise<EventBody> {
  const context = contextOf(state, upkeep.kind);
  const { github } = scheduler[context.again === true ? 'again' : 'first'];
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
    case 'reply':
      return await github.writeReplies({ context, replies: upkeep.replies });
    case 'answer-threads':
      return await github.answerThreads({ context, ...omit(upkeep, 'kind') });
    case 'call':
      return await github.callPeople.executeWithOptions(
        { summary: `${upkeep.call.hold}, ${upkeep.call.rung}` },
        [{ context, call: upkeep.call }],
      );
    case 'fold-call':
      return await github.foldCall({ context, seq: upkeep.seq, commentId: upkeep.commentId });
    case 'archive-audit':
      return await github.archiveAudit({ context, records: upkeep.records });
    case 'leave-line':
      return await leaveLine(state.issue, upkeep.ids);
    default:
      return assertNever(upkeep);
  }
}

/** Includes labels and the comment of an earlier generation: the first projection of this one replaces them. */
function writtenBefore({ projected, statusComment, subject }: IssueState) {
  const commentId = projected?.commentId ?? statusComment;
  return {
    ...(commentId === undefined ? {} : { commentId }),
    labelsBefore: projected?.labels ?? projectedLabels(subject?.labels ?? []),
  };
}

/** What people read in Temporal's Web UI. */
const says = (text: string) => ({ summary: text });
const short = (commit: string): string => commit.slice(0, 12);

function send(state: IssueState, effect: Effect): Promise<FactEvent> {
  const context = contextOf(state, effect.kind);
  const { github, git } = scheduler[context.again === true ? 'again' : 'first'];
  switch (effect.kind) {
    case 'read-policy':
      return github.readPolicy.executeWithOptions(says(effect.because), [{ context, effect }]);
    case 'claim-branch':
      return github.claimBranch.executeWithOptions(says(effect.branch), [{ context, effect }]);
    case 'run-agent':
      return runner.runAgent.executeWithOptions(says(`${effect.runId}, mode ${effect.mode}`), [
        { context, effect },
      ]);
    case 'adopt-commits':
    case 'apply-suggestions':
    case 'build-change':
      return sendChange(git, context, effect);
    case 'verify-change':
      return runner.verifyChange.executeWithOptions(says(`commit ${short(effect.commit)}`), [
        { context, effect },
      ]);
    case 'build-candidate':
      return git.buildCandidate({ context, effect });
    case 'verify-candidate':
      return runner.verifyCandidate.executeWithOptions(says(`merge into ${short(effect.base)}`), [
        { context, effect },
      ]);
    case 'build-ahead':
      return git.buildAhead.executeWithOptions(says(`behind ${effect.before.length}`), [{ context, effect }]);
    case 'verify-ahead':
      return ahead.verifyAhead.executeWithOptions(says(`tree ${short(effect.tree)}`), [{ context, effect }]);
    case 'assemble-evidence':
      return git.assembleEvidence({ context, effect, ...evidenceFacts(state, effect) });
    case 'push-commit':
      return git.pushCommit.executeWithOptions(says(`commit ${short(effect.commit)} to ${effect.branch}`), [
        { context, effect },
      ]);
    case 'publish-evidence':
    case 'open-pull-request':
    case 'mark-ready':
      return sendPullRequest(github, context, effect);
    case 'rerun-check':
      return github.rerunCheck.executeWithOptions(says(summary(effect.name)), [{ context, effect }]);
    case 'join-line':
      return github.joinLine.executeWithOptions(says(summary(effect.target)), [{ context, effect }]);
    case 'merge':
    case 'hand-over-merge':
    case 'take-back-merge':
      return sendMerge(github, context, effect);
    case 'read-arrival':
      return git.readArrival({ context, effect });
    case 'check-release':
      return github.checkRelease({ context, effect, ...mergedChange(state) });
    case 'release-claim':
      return github.releaseClaim({ context, effect });
    case 'close-issue':
      return github.closeIssue({ context, effect });
    default:
      return assertNever(effect);
  }
}

type Making = Extract<Effect, { kind: 'adopt-commits' | 'apply-suggestions' | 'build-change' }>;

/** What makes a change without the agent. */
function sendChange(
  git: (typeof scheduler)['first']['git'],
  context: EffectContext,
  effect: Making,
): Promise<FactEvent> {
  switch (effect.kind) {
    case 'adopt-commits':
      return git.adoptCommits.executeWithOptions(says(`head ${short(effect.head)}`), [{ context, effect }]);
    case 'apply-suggestions':
      return git.applySuggestions.executeWithOptions(says(`${effect.suggestions.length} reviews`), [
        { context, effect },
      ]);
    case 'build-change':
      return git.buildChange.executeWithOptions(says(`change from run ${effect.runId}`), [
        { context, effect },
      ]);
  }
}

function sendPullRequest(
  github: (typeof scheduler)['first']['github'],
  context: EffectContext,
  effect: Extract<Effect, { kind: 'publish-evidence' | 'open-pull-request' | 'mark-ready' }>,
): Promise<FactEvent> {
  switch (effect.kind) {
    case 'publish-evidence': {
      const at = `commit ${short(effect.commit)}`;
      return github.publishEvidence.executeWithOptions(says(at), [{ context, effect }]);
    }
    case 'open-pull-request':
      return github.openPullRequest.executeWithOptions(says(summary(effect.title)), [{ context, effect }]);
    case 'mark-ready': {
      const at = `#${effect.number} at ${short(effect.head)}`;
      return github.markReady.executeWithOptions(says(at), [{ context, effect }]);
    }
  }
}

function sendMerge(
  github: (typeof scheduler)['first']['github'],
  context: EffectContext,
  effect: MergeEffect,
): Promise<FactEvent> {
  const at = `#${effect.number} at ${short(effect.head)}`;
  switch (effect.kind) {
    case 'merge':
      return github.mergePullRequest.executeWithOptions(says(at), [{ context, effect }]);
    case 'hand-over-merge':
      return github.handOverMerge.executeWithOptions(says(`${at}, ${effect.way}`), [{ context, effect }]);
    case 'take-back-merge':
      return github.takeBackMerge.executeWithOptions(says(`${at}, ${effect.way}`), [{ context, effect }]);
  }
}

/** Temporal refuses a summary of more than 400 bytes. */
function summary(text: string): string {
  return Array.from(text).slice(0, SUMMARY_CHARS_MAX).join('');
}

const SUMMARY_CHARS_MAX = 100;

function contextOf(state: IssueState, kind?: DelayedKind): EffectContext {
  const { issue, generation, policy, repository } = state;
  return {
    issue,
    generation,
    ...(policy === undefined ? {} : { policy: policy.digest }),
    ...(repository === undefined ? {} : { repository }),
    ...(kind === undefined || delayOf(state, kind) === undefined ? {} : { again: true }),
  };
}

function mergedChange({
  merge,
  mergeSent,
  handOver,
}: IssueState): Pick<CheckReleaseInput, 'change' | 'byPerson'> {
  if (merge === undefined) return {};
  const isOurs = mergeSent?.head === merge.head && handOver === undefined;
  return { change: merge.head, ...(isOurs ? {} : { byPerson: true }) };
}

function evidenceFacts(state: IssueState, { runId, onto }: Extract<Effect, { kind: 'assemble-evidence' }>) {
  // After a merge, the issue may have been edited since.
  const run = onto === undefined ? currentRun(state) : state.runs.find(known => known.runId === runId);
  const { change, candidate } = state;
  const verification = onto === undefined ? state.verification : candidate?.verification;
  if (run === undefined || change === undefined || verification === undefined) {
    throw ApplicationFailure.nonRetryable(
      'the evidence step started before a change was verified',
      'Unexpected',
    );
  }
  return {
    run,
    change,
    verification,
    ...(onto === undefined || candidate === undefined ? {} : { candidate }),
  };
}

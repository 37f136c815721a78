/** The housekeeping due alongside the current step: look, publish the projection, archive audit records. */
import { callUpkeep, callWaitsUntil, isCallDue } from './call.ts';
import { checksReadableAt } from './checks.ts';
import { type Digest, digestOf } from './digest.ts';
import { delayNow, delayOf } from './delay.ts';
import { readable } from './due.ts';
import { isTurnNear, placesToLeave } from './merge-place.ts';
import { nextStep } from './next-step.ts';
import type { Facet } from './observation.ts';
import { projection } from './projection.ts';
import { repliesDue } from './reply.ts';
import type { IssueState } from './state.ts';
import type { Effect, Step, Upkeep } from './step.ts';
import { answersDue } from './thread-answer.ts';

/** Records kept in the state before they are archived in the artifact store. */
const AUDIT_RECORDS_MAX = 200;
const AUDIT_RECORDS_BEFORE_LOOK_MAX = 2 * AUDIT_RECORDS_MAX;

export function nextUpkeep(state: IssueState): Upkeep | undefined {
  for (const upkeep of owedUpkeep(state)) if (delayNow(state, upkeep.kind) === undefined) return upkeep;
  return undefined;
}

/** When a call becomes due, or delayed upkeep, or a look at news of checks, in epoch milliseconds. Until then an issue does not end. */
export function upkeepDueAt(state: IssueState): number | undefined {
  const times = [...delayedUntil(state), callWaitsUntil(state), checksWaitUntil(state)].filter(
    time => time !== undefined,
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

function delayedUntil(state: IssueState): readonly number[] {
  if (state.delays === undefined) return [];
  return [...owedUpkeep(state)].flatMap(({ kind }) => delayNow(state, kind)?.until ?? []);
}

/** News of checks is read after a pause. */
function checksWaitUntil(state: IssueState): number | undefined {
  const at = checksReadableAt(state);
  const isDue = state.at < at && readable(state).includes('checks');
  return isDue && isWorthReading(nextStep(state), 'checks') ? at : undefined;
}

/** Whether upkeep of this kind must still be done, whatever comes first. */
export function isOwed(state: IssueState, kind: Upkeep['kind'], step: Step): boolean {
  switch (kind) {
    case 'look':
      return facetsWorthReading(state, step).length > 0;
    case 'reply':
      return !state.upkeepStopped && replyUpkeep(state) !== undefined;
    case 'project':
      // A short effect ends before anyone reads about it; what comes after it may have to be shown.
      return !state.upkeepStopped && (!isShown(state, step) || projectUpkeep(state, step) !== undefined);
    case 'call':
      return !state.upkeepStopped && isCallDue(state);
    case 'fold-call':
      return callUpkeep(state, step)?.kind === 'fold-call';
    case 'archive-audit':
      return archiveUpkeep(state, step) !== undefined || archiveBeforeLook(state) !== undefined;
    case 'leave-line':
      return placesToLeave(state, step).length > 0;
    case 'answer-threads':
      return !state.upkeepStopped && threadsUpkeep(state) !== undefined;
  }
}

/** In order of precedence; what is delayed lets the rest pass. Lazy, because a projection is long. */
function* owedUpkeep(state: IssueState): Generator<Upkeep> {
  const step = nextStep(state);
  // Others wait for it, and it asks nothing of GitHub.
  const ids = placesToLeave(state, step);
  if (ids.length > 0) yield { kind: 'leave-line', ids };
  if (!state.upkeepStopped) {
    const facets = facetsWorthReading(state, step);
    if (facets.length > 0) yield archiveBeforeLook(state) ?? { kind: 'look', facets, mark: state.mark };
    if (facets.length === 0 || delayNow(state, 'look') !== undefined) yield* writing(state, step);
  }
  const archive = archiveUpkeep(state, step);
  if (archive !== undefined) yield archive;
}

function facetsWorthReading(state: IssueState, step: Step): readonly Facet[] {
  return readable(state).filter(
    facet => isWorthReading(step, facet) && (facet !== 'checks' || state.at >= checksReadableAt(state)),
  );
}

function* writing(state: IssueState, step: Step): Generator<Upkeep> {
  const reply = replyUpkeep(state);
  if (reply !== undefined) yield reply;
  const threads = threadsUpkeep(state);
  if (threads !== undefined) yield threads;
  const project = projectUpkeep(state, step);
  if (project !== undefined) yield project;
  const call = callUpkeep(state, step);
  if (call !== undefined) yield call;
}

/**
 * Reading changes nothing once the issue is about to end. A merge checks the pull request itself, so a read because of its
 * own webhook would be useless.
 */
function isWorthReading(step: Step, facet: Facet): boolean {
  if (step.kind === 'end') return false;
  if (step.kind !== 'effect') return true;
  const { kind } = step.effect;
  return kind !== 'close-issue' && !(kind === 'merge' && facet === 'pull-request');
}

/** Whether the step lasts long enough to publish it. A short effect, or a turn that is near, is over before anyone reads about it. */
export function isLasting(state: IssueState, step: Step): boolean {
  if (isTurnNear(state, step)) return false;
  return step.kind !== 'effect' || LONG_EFFECTS.includes(step.effect.kind);
}

const VERIFYING: readonly Effect['kind'][] = ['verify-change', 'verify-candidate'];
const LONG_EFFECTS: readonly Effect['kind'][] = ['run-agent', ...VERIFYING];

/** Nothing is written before the opt-in, and nothing can be written where the issue was. */
function replyUpkeep(state: IssueState): Upkeep | undefined {
  const isUnasked = (state.subject?.optIn ?? null) === null && state.projected === undefined;
  const replies = repliesDue(state);
  if (replies.length === 0 || isUnasked || state.gone !== undefined) return undefined;
  return { kind: 'reply', replies };
}

function threadsUpkeep(state: IssueState): Upkeep | undefined {
  const { pullRequest, policy, gone } = state;
  const answers = answersDue(state);
  if (answers.length === 0 || pullRequest === undefined || gone !== undefined) return undefined;
  const resolve = policy?.review?.resolveThreads === true ? { resolve: true as const } : {};
  return { kind: 'answer-threads', pullRequest: pullRequest.number, answers, ...resolve };
}

function projectUpkeep(state: IssueState, step: Step): Upkeep | undefined {
  if (state.policy === undefined || state.subject === undefined || state.gone !== undefined) return undefined;
  // The issue was never opted in, so the scheduler does not even comment.
  if (state.subject.optIn === null && state.projected === undefined) return undefined;
  if (!isShown(state, step)) return undefined;
  const wanted = projection(state);
  const digest = digestOf({ labels: wanted.labels, comment: wanted.comment });
  return wasTried(state, digest) ? undefined : { kind: 'project', projection: wanted, digest };
}

/** It is shown, or GitHub refused it. After a failed write it is unknown what is shown. */
function wasTried(state: IssueState, digest: Digest): boolean {
  const { projected, unshown } = state;
  const isKnown = delayOf(state, 'project') === undefined;
  return (isKnown && digest === projected?.digest) || digest === unshown?.digest;
}

function isShown(state: IssueState, step: Step): boolean {
  return isLasting(state, step) && !isVerifying(step);
}

/** People see verification as part of the work, so it is not published separately. */
function isVerifying(step: Step): boolean {
  return step.kind === 'effect' && VERIFYING.includes(step.effect.kind);
}

/** Outsiders can write thousands of refused commands. A look waits before the records are too many for one message. */
function archiveBeforeLook({ audit: { records }, archiveStopped }: IssueState): Upkeep | undefined {
  const isDue = records.length > AUDIT_RECORDS_BEFORE_LOOK_MAX && !archiveStopped;
  return isDue ? { kind: 'archive-audit', records } : undefined;
}

function archiveUpkeep(state: IssueState, step: Step): Upkeep | undefined {
  const { records } = state.audit;
  if (state.archiveStopped) return undefined;
  const due = step.kind === 'end' ? records.length > 0 : records.length > AUDIT_RECORDS_MAX;
  return due ? { kind: 'archive-audit', records } : undefined;
}

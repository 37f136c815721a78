/** The housekeeping due alongside the current step: look, publish the projection, archive audit records. */
import { type Digest, digestOf } from './digest.ts';
import { readable } from './due.ts';
import { nextStep } from './next-step.ts';
import type { Facet } from './observation.ts';
import { projection } from './projection.ts';
import type { IssueState } from './state.ts';
import type { Effect, Step, Upkeep } from './step.ts';

/** Records kept in the state before they are archived in the artifact store. */
const AUDIT_RECORDS_MAX = 200;
const AUDIT_RECORDS_BEFORE_LOOK_MAX = 2 * AUDIT_RECORDS_MAX;

export function nextUpkeep(state: IssueState): Upkeep | undefined {
  const step = nextStep(state);
  if (state.upkeepStopped) return archiveUpkeep(state, step);
  const facets = readable(state).filter(facet => isWorthReading(step, facet));
  if (facets.length > 0) return archiveBeforeLook(state) ?? { kind: 'look', facets, mark: state.mark };
  return projectUpkeep(state, step) ?? archiveUpkeep(state, step);
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

/** Whether the step lasts long enough to publish it. A short effect ends before anyone reads about it. */
export function isLasting(step: Step): boolean {
  return step.kind !== 'effect' || LONG_EFFECTS.includes(step.effect.kind);
}

const LONG_EFFECTS: readonly Effect['kind'][] = ['run-agent', 'verify-change'];

function projectUpkeep(state: IssueState, step: Step): Upkeep | undefined {
  if (state.policy === undefined || state.subject === undefined || state.gone !== undefined) return undefined;
  // The issue was never opted in, so the scheduler does not even comment.
  if (state.subject.optIn === null && state.projected === undefined) return undefined;
  if (!isLasting(step) || isVerifying(step)) return undefined;
  const wanted = projection(state);
  const digest = digestOf({ labels: wanted.labels, comment: wanted.comment });
  return wasTried(state, digest) ? undefined : { kind: 'project', projection: wanted, digest };
}

/** It is shown, or GitHub refused it. */
function wasTried({ projected, unshown }: IssueState, digest: Digest): boolean {
  return digest === projected?.digest || digest === unshown?.digest;
}

/** People see verification as part of the work, so it is not published separately. */
function isVerifying(step: Step): boolean {
  return step.kind === 'effect' && step.effect.kind === 'verify-change';
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

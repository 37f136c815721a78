/** The housekeeping that is due beside the step in flight: look, tell people, keep the audit small. */
import { digestOf } from './digest.ts';
import { readable } from './due.ts';
import { nextStep } from './next-step.ts';
import type { Facet } from './observation.ts';
import { projection } from './projection.ts';
import type { IssueState } from './state.ts';
import type { Effect, Step, Upkeep } from './step.ts';

/** Records kept in the state before the older ones go to the artifact store. */
const AUDIT_RECORDS_MAX = 200;

export function nextUpkeep(state: IssueState): Upkeep | undefined {
  const step = nextStep(state);
  if (state.upkeepStopped) return archiveUpkeep(state, step);
  const facets = readable(state).filter(facet => isWorthReading(step, facet));
  if (facets.length > 0) return { kind: 'look', facets, mark: state.mark };
  return projectUpkeep(state, step) ?? archiveUpkeep(state, step);
}

/**
 * What is read once the life is as good as over changes nothing any more. A merge judges the pull request itself, in the
 * moment it is sent: our own webhook of it would be read in vain.
 */
function isWorthReading(step: Step, facet: Facet): boolean {
  if (step.kind === 'end') return false;
  if (step.kind !== 'effect') return true;
  const { kind } = step.effect;
  return kind !== 'close-issue' && !(kind === 'merge' && facet === 'pull-request');
}

/** A short effect is over before anyone has read of it. */
export function standsForAWhile(step: Step): boolean {
  return step.kind !== 'effect' || LONG_EFFECTS.includes(step.effect.kind);
}

const LONG_EFFECTS: readonly Effect['kind'][] = ['run-agent', 'verify-change'];

function projectUpkeep(state: IssueState, step: Step): Upkeep | undefined {
  if (state.policy === undefined || state.subject === undefined || state.gone !== undefined) return undefined;
  // Nobody asked us here yet: not even a comment says that we are.
  if (state.subject.optIn === null && state.projected === undefined) return undefined;
  if (!standsForAWhile(step) || isVerifying(step)) return undefined;
  const wanted = projection(state);
  const digest = digestOf({ labels: wanted.labels, comment: wanted.comment });
  return digest === state.projected?.digest ? undefined : { kind: 'project', projection: wanted, digest };
}

/** Part of the work, as people see it: not worth writing of. */
function isVerifying(step: Step): boolean {
  return step.kind === 'effect' && step.effect.kind === 'verify-change';
}

function archiveUpkeep(state: IssueState, step: Step): Upkeep | undefined {
  const { records } = state.audit;
  if (state.archiveStopped) return undefined;
  const due = step.kind === 'end' ? records.length > 0 : records.length > AUDIT_RECORDS_MAX;
  return due ? { kind: 'archive-audit', records } : undefined;
}

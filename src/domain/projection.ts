/** The state as people see it: labels, the status comment, the details in the Web UI, the search attributes. */
import { GATES } from './decision.ts';
import { modeOf, riskOf, stageOf } from './facts.ts';
import { holdName } from './hold.ts';
import type { IssueRef } from './issue-ref.ts';
import { nextStep } from './next-step.ts';
import { type Risk, RISKS } from './risk.ts';
import { snapshot } from './snapshot.ts';
import type { IssueState } from './state.ts';
import type { Rung } from './state/people.ts';
import { statusText } from './status-comment.ts';
import { type Hold, HOLD_MEANINGS, type Projection, type Step } from './step.ts';

export const LABEL_PREFIX = 'ai:';
/** The start of the marker line near the end of the status comment. */
export const STATUS_MARKER = '<!-- signalbox:status';

export interface SearchFacts {
  readonly repository: string;
  readonly stage: string;
  readonly hold: string;
  readonly waitingOn: string;
  readonly risk: string;
  readonly mode: string;
  readonly generation: number;
  readonly attempt: number;
}

export function projection(state: IssueState): Projection {
  const step = nextStep(state);
  const marker = statusMarker(state);
  return {
    labels: labelsFor(riskOf(state).level, step.kind === 'hold' ? step.hold : null, state.held?.rung),
    marker,
    comment: statusText(state, step, ['', marker, snapshot(state, { isEnded: step.kind === 'end' })]),
  };
}

export function searchFacts(state: IssueState): SearchFacts {
  const step = nextStep(state);
  return {
    repository: `${state.issue.owner}/${state.issue.repo}`,
    stage: stageOf(state),
    hold: step.kind === 'hold' ? holdName(step.hold) : 'none',
    waitingOn: waitingOn(step),
    risk: riskOf(state).level,
    mode: modeOf(state),
    generation: state.generation,
    attempt: state.runs.at(-1)?.attempt ?? 0,
  };
}

/** Who or what the issue waits for: a person, something outside, or the current effect. */
export function waitingOn(step: Step): string {
  switch (step.kind) {
    case 'hold':
      return step.hold.who;
    case 'wait':
      return step.for;
    case 'effect':
      return step.effect.kind;
    case 'end':
      return 'nothing';
  }
}

/** Markdown for the Web UI's current details. */
export function details(state: IssueState): string {
  return statusText(state, nextStep(state));
}

export interface OurLabel {
  readonly name: string;
  readonly says: string;
}

/** Every label that Signalbox sets, with its description on GitHub. */
export const OUR_LABELS: readonly OurLabel[] = [
  ...RISKS.map(risk => ({ name: riskLabel(risk), says: `Signalbox: risk ${risk}` })),
  ...GATES.map(gate => ({ name: holdLabel(`gate:${gate}`), says: `Signalbox: held at the ${gate} gate` })),
  ...(['blocked', 'escalated', 'paused', 'delayed'] as const).map(kind => ({
    name: holdLabel(kind),
    says: `Signalbox: ${HOLD_MEANINGS[kind]}`,
  })),
  { name: rungLabel('reminded'), says: 'Signalbox: waits for a person, who was reminded' },
  { name: rungLabel('parked'), says: 'Signalbox: waits for a person, who is not reminded again' },
];

function riskLabel(risk: Risk): string {
  return `${LABEL_PREFIX}risk-${risk}`;
}

function holdLabel(hold: string): string {
  return `${LABEL_PREFIX}${hold.replace(':', '-')}`;
}

/** The label of the rung `escalated` is that of a hold that a person escalated: both mean that a named person was asked. */
function rungLabel(rung: Exclude<Rung, 'fresh'>): string {
  return `${LABEL_PREFIX}${rung}`;
}

/** Labels show what a person can act on, and on which rung if it is not the first; the status comment shows the progress. */
export function labelsFor(risk: Risk, hold: Hold | null, rung: Rung = 'fresh'): readonly string[] {
  if (hold === null) return [riskLabel(risk)];
  const labels = [riskLabel(risk), holdLabel(holdName(hold))];
  return rung === 'fresh' || labels.includes(rungLabel(rung)) ? labels : [...labels, rungLabel(rung)];
}

/** The labels that a projection writes. Other labels with the same prefix belong to people. */
export function projectedLabels(labels: readonly string[]): readonly string[] {
  return labels.filter(label => OUR_LABELS.some(({ name }) => name === label));
}

/** Identifies our status comment. It names the issue and generation, so that a copy elsewhere does not count as ours. */
export function statusMarker({
  issue,
  generation,
}: {
  readonly issue: Pick<IssueRef, 'number'>;
  readonly generation: number;
}): string {
  return `${STATUS_MARKER} ${issue.number}.${generation} -->`;
}

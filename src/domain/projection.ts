/** The state as people see it: labels, the status comment, the details in the Web UI, the search attributes. */
import { GATES } from './decision.ts';
import { modeOf, riskOf, stageOf } from './facts.ts';
import { holdName } from './hold.ts';
import type { IssueRef } from './issue-ref.ts';
import { nextStep } from './next-step.ts';
import { type Risk, RISKS } from './risk.ts';
import { snapshot } from './snapshot.ts';
import type { IssueState } from './state.ts';
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
    labels: labelsFor(riskOf(state).level, step.kind === 'hold' ? step.hold : null),
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
  ...(['blocked', 'escalated', 'paused'] as const).map(kind => ({
    name: holdLabel(kind),
    says: `Signalbox: ${HOLD_MEANINGS[kind]}`,
  })),
];

function riskLabel(risk: Risk): string {
  return `${LABEL_PREFIX}risk-${risk}`;
}

function holdLabel(hold: string): string {
  return `${LABEL_PREFIX}${hold.replace(':', '-')}`;
}

/** Labels show what a person can act on; the status comment shows the progress. */
export function labelsFor(risk: Risk, hold: Hold | null): readonly string[] {
  return [riskLabel(risk), ...(hold === null ? [] : [holdLabel(holdName(hold))])];
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

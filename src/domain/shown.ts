/** What GitHub should show of an issue, told from its view alone: by which `explain` and `reconcile` compare. */
import { labelsFor, statusMarker } from './projection.ts';
import type { IssueRef } from './issue-ref.ts';
import type { EffectKind, WaitFor } from './step.ts';
import type { IssueView } from './view.ts';

export interface Shown {
  /** All labels of ours. */
  readonly labels: readonly string[];
  /** In the status comment. */
  readonly marker: string;
}

/** Undefined while nothing is owed: between short effects labels and comment lag behind on purpose. */
export function shownOf(
  issue: Pick<IssueRef, 'number'>,
  view: Pick<IssueView, 'policy' | 'subject' | 'hold' | 'waitingOn' | 'risk' | 'generation'>,
): Shown | undefined {
  const { policy, subject, hold, waitingOn, risk, generation } = view;
  if (policy === null || subject === null) return undefined;
  if (hold === null && !LASTING.some(lasting => lasting === waitingOn)) return undefined;
  return { labels: labelsFor(risk.level, hold), marker: statusMarker({ issue, generation }) };
}

/** Where the work stands for a while though no person is asked; `nothing` is the end. */
const LASTING: readonly (EffectKind | WaitFor | 'nothing')[] = ['run-agent', 'deployment', 'soak', 'nothing'];

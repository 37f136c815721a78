/** What GitHub should show for an issue, derived only from its view. `explain` and `reconcile` compare with it. */
import { labelsFor, statusMarker } from './projection.ts';
import type { IssueRef } from './issue-ref.ts';
import type { EffectKind } from './step.ts';
import type { WaitFor } from './wait.ts';
import type { IssueView } from './view.ts';

export interface Shown {
  /** All labels of Signalbox. */
  readonly labels: readonly string[];
  /** In the status comment. */
  readonly marker: string;
}

/** `undefined` while nothing definite is expected: labels and comment are not updated between short effects. */
export function shownOf(
  issue: Pick<IssueRef, 'number'>,
  view: Pick<IssueView, 'policy' | 'subject' | 'hold' | 'rung' | 'waitingOn' | 'risk' | 'generation'>,
): Shown | undefined {
  const { policy, subject, hold, rung, waitingOn, risk, generation } = view;
  if (policy === null || subject === null) return undefined;
  if (hold === null && !LASTING.some(lasting => lasting === waitingOn)) return undefined;
  return {
    labels: labelsFor(risk.level, hold, rung ?? 'fresh'),
    marker: statusMarker({ issue, generation }),
  };
}

/** States that last a while without a hold; `nothing` is the end. */
const LASTING: readonly (EffectKind | WaitFor | 'nothing')[] = [
  'run-agent',
  'merge',
  'deployment',
  'soak',
  'nothing',
];

/** Whether a waiting workflow costs anything, judged by its history and its pending activities. */
import type { History } from '@temporalio/common/lib/proto-utils.js';
import type { Temporal } from '../../../src/client/temporal/connection.ts';
import { lookAtIssue } from '../../../src/client/temporal/look.ts';
import type { Life } from './life.ts';

/** The number of running timers in the history: started, neither fired nor canceled. */
export function timersOpen({ events }: History): number {
  const ids = (events ?? []).flatMap(event => event.timerStartedEventAttributes?.timerId ?? []);
  const over = (events ?? []).flatMap(
    event => event.timerFiredEventAttributes?.timerId ?? event.timerCanceledEventAttributes?.timerId ?? [],
  );
  return ids.length - over.length;
}

/** True if the workflow is open and no timer or activity runs for it. */
export async function costsNothing(temporal: Temporal, life: Life): Promise<boolean> {
  const look = await lookAtIssue(temporal, life.issue);
  const history = await life.handle.fetchHistory();
  const last = history.events?.at(-1);
  const atRest = last?.workflowTaskCompletedEventAttributes != null || isMarkedByTask(last);
  return look.kind === 'running' && look.pending.length === 0 && timersOpen(history) === 0 && atRest;
}

/** The events that a finished workflow task adds when it publishes. */
function isMarkedByTask(event: NonNullable<History['events']>[number] | undefined): boolean {
  return (
    event?.upsertWorkflowSearchAttributesEventAttributes != null ||
    event?.workflowPropertiesModifiedEventAttributes != null
  );
}

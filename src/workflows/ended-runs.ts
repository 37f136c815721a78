/**
 * Counts ended runs, among them those whose host is lost. The SDK does not count again in a replay.
 * Bundled for the workflow sandbox: imports contracts and domain only.
 */
import { metricMeter } from '@temporalio/workflow';
import { RUN_COST, RUN_ENDINGS } from '../contracts/workflow-metrics.ts';
import type { EventBody } from '../domain/event.ts';
import type { IssueState } from '../domain/state.ts';

/** Only what the rules accepted counts: a second result of the same run changes nothing. */
export function countEndedRun(event: EventBody, before: IssueState, after: IssueState): void {
  if (event.type !== 'run-ended') return;
  const run = after.runs.find(({ runId }) => runId === event.runId);
  const isKnown = before.runs.some(({ runId, end }) => runId === event.runId && end !== undefined);
  if (run?.end === undefined || isKnown) return;
  const { mode, end } = run;
  metricMeter.createCounter(RUN_ENDINGS.name, undefined, RUN_ENDINGS.help).add(1, {
    ending: end.ending,
    mode,
  });
  metricMeter
    .createHistogram(RUN_COST.name, 'float', RUN_COST.unit, RUN_COST.help)
    .record(end.usage.costUsd, { mode });
}
